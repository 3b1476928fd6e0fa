package message

import (
	"strings"
	"time"

	"github.com/microroute/microroute/internal/ascii"
)

// The seconds that four digits of a year can express.
const (
	firstSecond = -62167219200 // 0000-01-01 00:00:00 UTC
	lastSecond  = 253402300799 // 9999-12-31 23:59:59 UTC
)

// AppendDate appends t as an IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7). Fractions of a
// second are cut off; a time outside the years 0 to 9999 becomes the nearest one inside.
func AppendDate(b []byte, t time.Time) []byte {
	t = time.Unix(min(max(t.Unix(), firstSecond), lastSecond), 0).UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	start := len(b)
	b = append(b, "Sun, 06 Nov 1994 08:49:37 GMT"...)
	date := b[start:]
	copy(date, t.Weekday().String()[:3])
	copy(date[len("Sun, 06 "):], month.String()[:3])
	for _, part := range [...]struct{ at, number int }{
		{len("Sun, "), day},
		{len("Sun, 06 Nov "), year / 100}, {len("Sun, 06 Nov 19"), year % 100},
		{len("Sun, 06 Nov 1994 "), hour}, {len("Sun, 06 Nov 1994 08:"), minute}, {len("Sun, 06 Nov 1994 08:49:"), second},
	} {
		date[part.at], date[part.at+1] = byte('0'+part.number/10), byte('0'+part.number%10)
	}
	return b
}

// ParseDate reads an HTTP-date in one of its three formats (RFC 9110 section 5.6.7) and returns it in UTC:
//
//	Sun, 06 Nov 1994 08:49:37 GMT    IMF-fixdate
//	Sunday, 06-Nov-94 08:49:37 GMT   RFC 850
//	Sun Nov  6 08:49:37 1994         asctime
//
// Anything else is false: other cases and zones, a day that the month does not have, a day of the week that is not the
// date's. The leap second 23:59:60 is read as the second after it.
//
// The year of an RFC 850 date is the latest one with its two digits that is not more than 50 years after now.
func ParseDate(s string, now time.Time) (t time.Time, ok bool) {
	if len(s) < len("Sun Nov  6 08:49:37 1994") {
		return time.Time{}, false
	}
	p := dateParser{rest: s}
	switch s[3] {
	case ',':
		p.imfFixdate()
	case ' ':
		p.asctime()
	default:
		p.rfc850(now)
	}
	return p.date()
}

// dateParser takes a date apart from its left end. After the first mistake its values mean nothing.
type dateParser struct {
	rest   string
	failed bool

	weekday              time.Weekday
	year                 int
	month                time.Month
	day                  int
	hour, minute, second int
}

func (p *dateParser) imfFixdate() {
	p.takeWeekday(false)
	p.text(", ")
	p.day = p.digits(2)
	p.text(" ")
	p.takeMonth()
	p.text(" ")
	p.year = p.digits(4)
	p.text(" ")
	p.timeOfDay()
	p.text(" GMT")
}

func (p *dateParser) rfc850(now time.Time) {
	p.takeWeekday(true)
	p.text(", ")
	p.day = p.digits(2)
	p.text("-")
	p.takeMonth()
	p.text("-")
	p.year = p.digits(2) + now.UTC().Year()/100*100 + 100
	p.text(" ")
	p.timeOfDay()
	p.text(" GMT")
	for latest := now.AddDate(50, 0, 0); p.time().After(latest); {
		p.year -= 100
	}
}

func (p *dateParser) asctime() {
	p.takeWeekday(false)
	p.text(" ")
	p.takeMonth()
	p.text(" ")
	if strings.HasPrefix(p.rest, " ") {
		p.text(" ")
		p.day = p.digits(1)
	} else {
		p.day = p.digits(2)
	}
	p.text(" ")
	p.timeOfDay()
	p.text(" ")
	p.year = p.digits(4)
}

func (p *dateParser) timeOfDay() {
	p.hour = p.digits(2)
	p.text(":")
	p.minute = p.digits(2)
	p.text(":")
	p.second = p.digits(2)
}

// date checks what the grammar leaves open.
func (p *dateParser) date() (time.Time, bool) {
	midnight := time.Date(p.year, p.month, p.day, 0, 0, 0, 0, time.UTC)
	leap := p.hour == 23 && p.minute == 59 && p.second == 60
	if p.failed || p.rest != "" || midnight.Day() != p.day || midnight.Weekday() != p.weekday ||
		p.hour > 23 || p.minute > 59 || p.second > 59 && !leap {
		return time.Time{}, false
	}
	return p.time(), true
}

func (p *dateParser) time() time.Time {
	return time.Date(p.year, p.month, p.day, p.hour, p.minute, p.second, 0, time.UTC)
}

func (p *dateParser) text(want string) {
	rest, ok := strings.CutPrefix(p.rest, want)
	p.rest, p.failed = rest, p.failed || !ok
}

func (p *dateParser) digits(n int) int {
	n = min(n, len(p.rest))
	v, ok := ascii.Uint(p.rest[:n])
	p.rest, p.failed = p.rest[n:], p.failed || !ok
	return int(v)
}

func (p *dateParser) takeWeekday(long bool) {
	for p.weekday = time.Sunday; p.weekday <= time.Saturday; p.weekday++ {
		name := p.weekday.String()
		if !long {
			name = name[:3]
		}
		if rest, ok := strings.CutPrefix(p.rest, name); ok {
			p.rest = rest
			return
		}
	}
	p.failed = true
}

func (p *dateParser) takeMonth() {
	for p.month = time.January; p.month <= time.December; p.month++ {
		if rest, ok := strings.CutPrefix(p.rest, p.month.String()[:3]); ok {
			p.rest = rest
			return
		}
	}
	p.failed = true
}
