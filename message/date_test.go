package message_test

import (
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/message"
)

// dateNow is when the dates of these tests are read: 2026-03-01 12:00:00 UTC.
var dateNow = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

func TestParseDate(t *testing.T) {
	example := time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC)
	for _, tt := range []struct {
		rule, date string
		want       time.Time
	}{
		{"RFC 9110 section 5.6.7: IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", example},
		{"RFC 9110 section 5.6.7: RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", example},
		{"RFC 9110 section 5.6.7: asctime", "Sun Nov  6 08:49:37 1994", example},
		{"date3 with two digits", "Sun Nov 06 08:49:37 1994", example},
		{"date3 with two digits", "Wed Nov 16 08:49:37 1994", example.AddDate(0, 0, 10)},
		{"29 February of a leap year", "Thu, 29 Feb 2024 00:00:00 GMT", time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC)},
		{"leap second", "Sat, 31 Dec 2016 23:59:60 GMT", time.Date(2017, time.January, 1, 0, 0, 0, 0, time.UTC)},
		{"last second of a day", "Sat, 31 Dec 2016 23:59:59 GMT", time.Date(2016, time.December, 31, 23, 59, 59, 0, time.UTC)},
		{"first year", "Sat, 01 Jan 0000 00:00:00 GMT", time.Date(0, time.January, 1, 0, 0, 0, 0, time.UTC)},
		{"last year", "Fri, 31 Dec 9999 23:59:59 GMT", time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)},
	} {
		if got, ok := message.ParseDate(tt.date, dateNow); !ok || !got.Equal(tt.want) || got.Location() != time.UTC {
			t.Errorf("%s: ParseDate(%q) = %v, %t, want %v", tt.rule, tt.date, got, ok, tt.want)
		}
	}
}

func TestParseDateTwoDigitYear(t *testing.T) {
	for _, tt := range []struct {
		rule, date string
		now        time.Time
		want       int
	}{
		{"in the past of this century", "Sunday, 01-Feb-26 00:00:00 GMT", dateNow, 2026},
		{"more than 50 years ahead is the past", "Sunday, 06-Nov-94 08:49:37 GMT", dateNow, 1994},
		{"50 years ahead to the second", "Sunday, 01-Mar-76 12:00:00 GMT", dateNow, 2076},
		{"50 years and a second ahead", "Monday, 01-Mar-76 12:00:01 GMT", dateNow, 1976},
		{"next century", "Thursday, 01-Jan-05 00:00:00 GMT", dateNow.AddDate(64, 0, 0), 2105},
		{"29 February is that of the year meant", "Tuesday, 29-Feb-00 00:00:00 GMT", dateNow, 2000},
		{"now in another zone", "Sunday, 01-Feb-26 00:00:00 GMT", dateNow.In(time.FixedZone("", 14*3600)), 2026},
	} {
		if got, ok := message.ParseDate(tt.date, tt.now); !ok || got.Year() != tt.want {
			t.Errorf("%s: ParseDate(%q, %v) = %v, %t, want the year %d", tt.rule, tt.date, tt.now, got, ok, tt.want)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, tt := range []struct{ rule, date string }{
		{"empty", ""},
		{"a number", "0"},
		{"a day that the month does not have", "Mon, 31 Feb 2022 00:00:00 GMT"},
		{"a day that the month does not have, on the day after it", "Thu, 31 Feb 2022 00:00:00 GMT"},
		{"29 February of another year", "Wed, 29 Feb 2023 00:00:00 GMT"},
		{"day 0", "Sat, 00 Jan 2022 00:00:00 GMT"},
		{"another day of the week", "Mon, 06 Nov 1994 08:49:37 GMT"},
		{"hour 24", "Sun, 06 Nov 1994 24:00:00 GMT"},
		{"minute 60", "Sun, 06 Nov 1994 08:60:37 GMT"},
		{"second 60 that is not the day's last", "Sun, 06 Nov 1994 08:49:60 GMT"},
		{"second 61", "Sat, 31 Dec 2016 23:59:61 GMT"},
		{"case of the day", "SUN, 06 Nov 1994 08:49:37 GMT"},
		{"case of the month", "Sun, 06 nov 1994 08:49:37 GMT"},
		{"case of the zone", "Sun, 06 Nov 1994 08:49:37 gmt"},
		{"UTC", "Sun, 06 Nov 1994 08:49:37 UTC"},
		{"a zone in numbers", "Sun, 06 Nov 1994 08:49:37 +0000"},
		{"no zone", "Sun, 06 Nov 1994 08:49:37"},
		{"one digit of day", "Sun, 6 Nov 1994 08:49:37 GMT"},
		{"signs", "Sun, 06 Nov 1994 +8:49:37 GMT"},
		{"more behind it", "Sun, 06 Nov 1994 08:49:37 GMT "},
		{"more before it", " Sun, 06 Nov 1994 08:49:37 GMT"},
		{"two dates", "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT"},
		{"RFC 850 with four digits", "Sunday, 06-Nov-1994 08:49:37 GMT"},
		{"RFC 850 with a short day", "Sun, 06-Nov-94 08:49:37 GMT"},
		{"RFC 850 with a wrong day", "Monday, 06-Nov-94 08:49:37 GMT"},
		{"asctime with a zone", "Sun Nov  6 08:49:37 1994 GMT"},
		{"asctime without padding", "Sun Nov 6 08:49:37 1994 "},
		{"RFC 3339", "1994-11-06T08:49:37.000000Z"},
		{"digits beyond ASCII", "Sun, ٠٦ Nov 1994 08:49:37 GMT"},
	} {
		if got, ok := message.ParseDate(tt.date, dateNow); ok || !got.IsZero() {
			t.Errorf("%s: ParseDate(%q) = %v, %t, want false", tt.rule, tt.date, got, ok)
		}
	}
}

func TestAppendDate(t *testing.T) {
	for _, tt := range []struct {
		rule string
		time time.Time
		want string
	}{
		{"RFC 9110 section 5.6.7", time.Date(1994, 11, 6, 8, 49, 37, 0, time.UTC), "Sun, 06 Nov 1994 08:49:37 GMT"},
		{"fractions are cut off", time.Date(1994, 11, 6, 8, 49, 37, 999999999, time.UTC), "Sun, 06 Nov 1994 08:49:37 GMT"},
		{"in GMT", time.Date(2026, 1, 1, 0, 30, 0, 0, time.FixedZone("", 3600)), "Wed, 31 Dec 2025 23:30:00 GMT"},
		{"the zero time", time.Time{}, "Mon, 01 Jan 0001 00:00:00 GMT"},
		{"before the year 0", time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), "Sat, 01 Jan 0000 00:00:00 GMT"},
		{"after the year 9999", time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC), "Fri, 31 Dec 9999 23:59:59 GMT"},
	} {
		if got := string(message.AppendDate([]byte("Date: "), tt.time)); got != "Date: "+tt.want {
			t.Errorf("%s: AppendDate(%v) = %q, want %q", tt.rule, tt.time, got, "Date: "+tt.want)
		}
	}
}

func TestAppendDateIgnoresTheMachinesZone(t *testing.T) {
	defer func(zone *time.Location) { time.Local = zone }(time.Local)
	time.Local = time.FixedZone("", 5*3600)
	if got, want := string(message.AppendDate(nil, dateNow)), "Sun, 01 Mar 2026 12:00:00 GMT"; got != want {
		t.Errorf("AppendDate(%v) = %q five hours east, want %q", dateNow, got, want)
	}
}

// An accepted IMF-fixdate is what AppendDate makes of it, and an accepted date of another format is accepted as the
// IMF-fixdate of the same time. Leap seconds are the exception.
func FuzzParseDate(f *testing.F) {
	f.Add("Sun, 06 Nov 1994 08:49:37 GMT")
	f.Add("Sunday, 06-Nov-94 08:49:37 GMT")
	f.Add("Sun Nov  6 08:49:37 1994")
	f.Add("Sat, 31 Dec 2016 23:59:60 GMT")
	f.Fuzz(func(t *testing.T, date string) {
		got, ok := message.ParseDate(date, dateNow)
		if !ok {
			return
		}
		imf := string(message.AppendDate(nil, got))
		if date[3] == ',' && imf != date && !strings.Contains(date, ":60 ") {
			t.Errorf("ParseDate(%q) = %v, AppendDate makes %q of it", date, got, imf)
		}
		if again, ok := message.ParseDate(imf, dateNow); !ok || !again.Equal(got) {
			t.Errorf("ParseDate(%q) = %v, as IMF-fixdate %q it is %v, %t", date, got, imf, again, ok)
		}
	})
}

func BenchmarkAppendDate(b *testing.B) {
	buf := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		buf = message.AppendDate(buf[:0], dateNow)
	}
}

func BenchmarkParseDate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		message.ParseDate("Sun, 06 Nov 1994 08:49:37 GMT", dateNow)
	}
}
