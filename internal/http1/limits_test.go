package http1_test

import (
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/http1"
)

// A limit is the most that is let through: one octet or field more is refused, in whatever pieces it comes.
func TestLimits(t *testing.T) {
	const (
		targetLong = "414 request target is too long"
		headLong   = "431 head is too long"
		manyFields = "431 too many fields"
	)
	none := http1.Limits{Target: -1, Head: -1, Fields: -1}
	target := func(n int) string { return "GET /" + strings.Repeat("a", n-1) + " HTTP/1.1\r\nHost: a\r\n\r\n" }
	fields := func(n int) string { return "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: 1\r\n", n-1) + "\r\n" }
	head := func(n int) string {
		const around = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n"
		return "GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("a", n-len(around)) + "\r\n\r\n"
	}
	for _, tt := range []struct {
		name   string
		limits http1.Limits
		head   string
		wrong  string
	}{
		{"target at the limit", http1.Limits{Target: 100, Head: -1, Fields: -1}, target(100), ""},
		{"target beyond", http1.Limits{Target: 100, Head: -1, Fields: -1}, target(101), targetLong},
		{"target unlimited", none, target(100_000), ""},
		{"fields at the limit", http1.Limits{Target: -1, Head: -1, Fields: 100}, fields(100), ""},
		{"fields beyond", http1.Limits{Target: -1, Head: -1, Fields: 100}, fields(101), manyFields},
		{"fields unlimited", none, fields(10_000), ""},
		{"head at the limit", http1.Limits{Target: -1, Head: 1000, Fields: -1}, head(1000), ""},
		{"head beyond", http1.Limits{Target: -1, Head: 1000, Fields: -1}, head(1001), headLong},
		{"head far beyond", http1.Limits{Target: -1, Head: 1000, Fields: -1}, head(100_000), headLong},
		{"head unlimited", none, head(1_000_000), ""},
		{"empty lines are not part of the head", http1.Limits{Target: -1, Head: 1000, Fields: -1}, "\r\n\r\n" + head(1000), ""},
		{"nor do they make room", http1.Limits{Target: -1, Head: 1000, Fields: -1}, "\r\n\r\n" + head(1001), headLong},
		{"head ends within a target that has no limit", http1.Limits{Target: -1, Head: 1000, Fields: -1}, target(1000), targetLong},
		{"the target's limit comes first", http1.Limits{Target: 100, Head: 1000, Fields: -1}, target(1000), targetLong},
		{"the end of a head counts", http1.Limits{Target: -1, Head: len(smallHead) - 1, Fields: -1}, smallHead, headLong},
		{"a bare LF behind a target beyond", http1.Limits{Target: 100, Head: -1, Fields: -1}, "GET /" + strings.Repeat("a", 100) + " \n", targetLong},
		{"nothing allowed", http1.Limits{}, smallHead, targetLong},
	} {
		var h http1.Head
		n, wrong := parse(tt.limits, &h, tt.head)
		if wrong != tt.wrong || wrong == "" && n != len(tt.head) {
			t.Errorf("%s: %.40q… of %d octets: %d octets, wrong is %q, want %q", tt.name, tt.head, len(tt.head), n, wrong, tt.wrong)
		}
		if len(tt.head) > 5000 {
			continue
		}
		if _, wrong := parse(tt.limits, &h, tt.head, everyOctet(tt.head)...); wrong != tt.wrong {
			t.Errorf("%s: %.40q… octet by octet: wrong is %q, want %q", tt.name, tt.head, wrong, tt.wrong)
		}
	}
}

// What can never become a head is refused before its line ends, for the end may not come.
func TestGarbageIsRefusedEarly(t *testing.T) {
	for _, tt := range []struct {
		name, start, wrong string
		endless            string
		within             int // octets
	}{
		{"controls", "", "400 malformed method", "\x16\x03\x01", 1},
		{"letters", "", "400 malformed method", "Q", 33},
		{"a space first", "", "400 malformed method", " ", 1},
		{"CRs", "", "400 malformed method", "\r", 2},
		{"empty lines", "", "400 too many empty lines before the request line", "\r\n", 10},
		{"target", "GET /", "414 request target is too long", "a", 4 + limits.Target + 1},
		{"spaces behind the method", "GET", "400 malformed request line", " ", 5},
		{"controls in the target", "GET /", "400 malformed request line", "\x01", 6},
		{"version", "GET / ", "414 request target is too long", "a", limits.Head + 1},
		{"field name", "GET / HTTP/1.1\r\n", "431 head is too long", "a", limits.Head + 1},
		{"field value", "GET / HTTP/1.1\r\nX: ", "431 head is too long", "a", limits.Head + 1},
		{"fields", "GET / HTTP/1.1\r\n", "431 too many fields", "X: 1\r\n", 16 + 201*6},
	} {
		raw := tt.start + strings.Repeat(tt.endless, limits.Head)
		p := http1.Parser{Limits: limits}
		var h http1.Head
		if tt.within > 1 {
			if n, err := p.Parse([]byte(raw[:tt.within-1]), &h); n != 0 || err != nil {
				t.Errorf("%s: %q and %q for ever: %d octets, %v at %d octets, want nothing yet", tt.name, tt.start, tt.endless, n, err, tt.within-1)
				continue
			}
		}
		if _, err := p.Parse([]byte(raw[:tt.within]), &h); err == nil || refusal(err) != tt.wrong {
			t.Errorf("%s: %q and %q for ever: %v at %d octets, want %q", tt.name, tt.start, tt.endless, err, tt.within, tt.wrong)
		}
	}
}
