package message_test

import (
	"testing"
	"time"

	"github.com/microroute/microroute/message"
)

const (
	lastModified = "Sat, 28 Feb 2026 12:00:00 GMT"
	dayBefore    = "Fri, 27 Feb 2026 12:00:00 GMT"
	dayAfter     = "Sun, 01 Mar 2026 12:00:00 GMT"
)

// file is a day old when dateNow reads the dates.
var file = message.Validators{ETag: `"v1"`, LastModified: dateNow.AddDate(0, 0, -1)}

// fields returns a Header of the names and values given in turn.
func fields(pairs ...string) *message.Header {
	h := &message.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

func evaluate(v message.Validators, method string, pairs ...string) message.Outcome {
	return v.Evaluate(method, fields(pairs...), dateNow)
}

func TestEvaluate(t *testing.T) {
	const ok, unmodified, failed = message.Proceed, message.NotModified, message.PreconditionFailed
	weak := message.Validators{ETag: `W/"v1"`, LastModified: file.LastModified}
	undated := message.Validators{ETag: `"v1"`}
	bare := message.Validators{}
	absent := message.Validators{Absent: true}
	halfSecond := message.Validators{LastModified: file.LastModified.Add(time.Second / 2)}

	for _, tt := range []struct {
		rule       string
		validators message.Validators
		method     string
		fields     []string
		want       message.Outcome
	}{
		{"none", file, "GET", nil, ok},

		// RFC 9110 section 13.1.1
		{"If-Match: match", file, "GET", []string{"If-Match", `"v1"`}, ok},
		{"If-Match: other", file, "GET", []string{"If-Match", `"nope"`}, failed},
		{"If-Match: list", file, "GET", []string{"If-Match", `"a", "v1"`}, ok},
		{"If-Match: lines", file, "PUT", []string{"If-Match", `"a"`, "If-Match", `"v1"`}, ok},
		{"If-Match: star", file, "PUT", []string{"If-Match", `*`}, ok},
		{"If-Match: star without validators", bare, "PUT", []string{"If-Match", `*`}, ok},
		{"If-Match: star without representation", absent, "PUT", []string{"If-Match", `*`}, failed},
		{"If-Match: strong comparison, weak tag sent", file, "PUT", []string{"If-Match", `W/"v1"`}, failed},
		{"If-Match: strong comparison, weak tag here", weak, "PUT", []string{"If-Match", `W/"v1"`}, failed},
		{"If-Match: no tag here", bare, "PUT", []string{"If-Match", `""`}, failed},
		{"If-Match: malformed", file, "PUT", []string{"If-Match", `v1`}, failed},
		{"If-Match: empty", file, "PUT", []string{"If-Match", ``}, failed},

		// RFC 9110 section 13.1.2
		{"If-None-Match: match", file, "GET", []string{"If-None-Match", `"v1"`}, unmodified},
		{"If-None-Match: HEAD", file, "HEAD", []string{"If-None-Match", `"v1"`}, unmodified},
		{"If-None-Match: weak comparison, weak tag sent", file, "GET", []string{"If-None-Match", `W/"v1"`}, unmodified},
		{"If-None-Match: weak comparison, weak tag here", weak, "GET", []string{"If-None-Match", `"v1"`}, unmodified},
		{"If-None-Match: other", file, "GET", []string{"If-None-Match", `"nope"`}, ok},
		{"If-None-Match: star", file, "GET", []string{"If-None-Match", `*`}, unmodified},
		{"If-None-Match: star, PUT", file, "PUT", []string{"If-None-Match", `*`}, failed},
		{"If-None-Match: star, PUT of something new", absent, "PUT", []string{"If-None-Match", `*`}, ok},
		{"If-None-Match: star without validators", bare, "GET", []string{"If-None-Match", `*`}, unmodified},
		{"If-None-Match: match, DELETE", file, "DELETE", []string{"If-None-Match", `"v1"`}, failed},
		{"If-None-Match: no tag here", bare, "GET", []string{"If-None-Match", `""`}, ok},

		// RFC 9110 section 13.1.3
		{"If-Modified-Since: equal", file, "GET", []string{"If-Modified-Since", lastModified}, unmodified},
		{"If-Modified-Since: HEAD", file, "HEAD", []string{"If-Modified-Since", lastModified}, unmodified},
		{"If-Modified-Since: RFC 850", file, "GET", []string{"If-Modified-Since", "Saturday, 28-Feb-26 12:00:00 GMT"}, unmodified},
		{"If-Modified-Since: asctime", file, "GET", []string{"If-Modified-Since", "Sat Feb 28 12:00:00 2026"}, unmodified},
		{"If-Modified-Since: older", file, "GET", []string{"If-Modified-Since", dayBefore}, ok},
		{"If-Modified-Since: newer", file, "GET", []string{"If-Modified-Since", dayAfter}, unmodified},
		{"If-Modified-Since: fractions do not count", halfSecond, "GET", []string{"If-Modified-Since", lastModified}, unmodified},
		{"If-Modified-Since: GET and HEAD only", file, "POST", []string{"If-Modified-Since", lastModified}, ok},
		{"If-Modified-Since: invalid", file, "GET", []string{"If-Modified-Since", "0"}, ok},
		{"If-Modified-Since: no such day", file, "GET", []string{"If-Modified-Since", "Wed, 31 Jun 2026 00:00:00 GMT"}, ok},
		{"If-Modified-Since: twice", file, "GET", []string{"If-Modified-Since", lastModified, "If-Modified-Since", lastModified}, ok},
		{"If-Modified-Since: no date here", undated, "GET", []string{"If-Modified-Since", lastModified}, ok},
		{"If-Modified-Since: ignored beside If-None-Match", file, "GET",
			[]string{"If-None-Match", `"nope"`, "If-Modified-Since", lastModified}, ok},
		{"If-Modified-Since: ignored beside If-None-Match", file, "GET",
			[]string{"If-None-Match", `"v1"`, "If-Modified-Since", dayBefore}, unmodified},
		{"If-Modified-Since: ignored beside a malformed If-None-Match", file, "GET",
			[]string{"If-None-Match", `v1`, "If-Modified-Since", lastModified}, ok},

		// RFC 9110 section 13.1.4
		{"If-Unmodified-Since: equal", file, "GET", []string{"If-Unmodified-Since", lastModified}, ok},
		{"If-Unmodified-Since: older", file, "GET", []string{"If-Unmodified-Since", dayBefore}, failed},
		{"If-Unmodified-Since: any method", file, "DELETE", []string{"If-Unmodified-Since", dayBefore}, failed},
		{"If-Unmodified-Since: newer", file, "PUT", []string{"If-Unmodified-Since", dayAfter}, ok},
		{"If-Unmodified-Since: invalid", file, "PUT", []string{"If-Unmodified-Since", "yesterday"}, ok},
		{"If-Unmodified-Since: no date here", undated, "PUT", []string{"If-Unmodified-Since", dayBefore}, ok},
		{"If-Unmodified-Since: ignored beside If-Match", file, "PUT",
			[]string{"If-Match", `"v1"`, "If-Unmodified-Since", dayBefore}, ok},

		// RFC 9110 section 13.2.2
		{"precedence: If-Match before If-None-Match", file, "GET", []string{"If-None-Match", `*`, "If-Match", `"nope"`}, failed},
		{"precedence: If-Match, then If-None-Match", file, "GET", []string{"If-Match", `"v1"`, "If-None-Match", `"v1"`}, unmodified},
		{"precedence: If-Unmodified-Since before If-None-Match", file, "GET",
			[]string{"If-None-Match", `*`, "If-Unmodified-Since", dayBefore}, failed},
		{"precedence: If-Unmodified-Since, then If-Modified-Since", file, "GET",
			[]string{"If-Unmodified-Since", lastModified, "If-Modified-Since", lastModified}, unmodified},

		// RFC 9110 section 13.2.1
		{"methods that select no representation: OPTIONS", file, "OPTIONS", []string{"If-Match", `"nope"`}, ok},
		{"methods that select no representation: TRACE", file, "TRACE", []string{"If-None-Match", `*`}, ok},
		{"methods that select no representation: CONNECT", file, "CONNECT", []string{"If-Match", `"nope"`}, ok},
		{"names in any case", file, "GET", []string{"if-none-match", `"v1"`}, unmodified},
	} {
		if got := evaluate(tt.validators, tt.method, tt.fields...); got != tt.want {
			t.Errorf("%s: %s with %q against %+v = %v, want %v", tt.rule, tt.method, tt.fields, tt.validators, got, tt.want)
		}
	}
}

// RFC 9110 section 13.1.5.
func TestAllowRange(t *testing.T) {
	weak := message.Validators{ETag: `W/"v1"`, LastModified: file.LastModified}
	fresh := message.Validators{LastModified: dateNow}
	second := message.Validators{LastModified: dateNow.Add(-time.Second)}
	late := message.Validators{LastModified: file.LastModified.Add(999 * time.Millisecond)}

	for _, tt := range []struct {
		rule       string
		validators message.Validators
		fields     []string
		want       bool
	}{
		{"absent", file, nil, true},
		{"tag: match", file, []string{"If-Range", `"v1"`}, true},
		{"tag: other", file, []string{"If-Range", `"v2"`}, false},
		{"tag: weak one sent", file, []string{"If-Range", `W/"v1"`}, false},
		{"tag: weak one here", weak, []string{"If-Range", `W/"v1"`}, false},
		{"tag: no list", file, []string{"If-Range", `"v1", "v2"`}, false},
		{"tag: no star", file, []string{"If-Range", `*`}, false},
		{"tag: malformed", file, []string{"If-Range", `v1`}, false},
		{"twice", file, []string{"If-Range", `"v1"`, "If-Range", `"v1"`}, false},
		{"date: exact", file, []string{"If-Range", lastModified}, true},
		{"date: another format of the same time", file, []string{"If-Range", "Saturday, 28-Feb-26 12:00:00 GMT"}, true},
		{"date: newer is no match", file, []string{"If-Range", dayAfter}, false},
		{"date: older is no match", file, []string{"If-Range", dayBefore}, false},
		{"date: malformed", file, []string{"If-Range", "yesterday"}, false},
		{"date: none here", message.Validators{ETag: `"v1"`}, []string{"If-Range", lastModified}, false},
		{"date: none here, not even that of the zero time", message.Validators{}, []string{"If-Range", "Mon, 01 Jan 0001 00:00:00 GMT"}, false},
		{"date: fractions do not count", late, []string{"If-Range", lastModified}, true},
		{"RFC 9110 section 8.8.2.2: weak in its own second", fresh, []string{"If-Range", dayAfter}, false},
		{"RFC 9110 section 8.8.2.2: strong a second later", second, []string{"If-Range", "Sun, 01 Mar 2026 11:59:59 GMT"}, true},
		{"no representation", message.Validators{Absent: true, ETag: `"v1"`}, []string{"If-Range", `"v1"`}, false},
	} {
		if got := tt.validators.AllowRange(fields(tt.fields...), dateNow); got != tt.want {
			t.Errorf("%s: AllowRange with %q against %+v = %t, want %t", tt.rule, tt.fields, tt.validators, got, tt.want)
		}
	}
}

func TestEvaluateWithoutConditionsAllocatesNothing(t *testing.T) {
	h := fields("Host", "t.example", "Accept", "*/*", "User-Agent", "test")
	allocs := testing.AllocsPerRun(100, func() {
		file.Evaluate("GET", h, dateNow)
		file.AllowRange(h, dateNow)
	})
	if allocs != 0 {
		t.Errorf("Evaluate and AllowRange allocate %v times, want 0", allocs)
	}
}

func BenchmarkEvaluateNotModified(b *testing.B) {
	h := fields("Host", "t.example", "Accept", "*/*", "If-None-Match", `"v1"`, "If-Modified-Since", lastModified)
	b.ReportAllocs()
	for b.Loop() {
		file.Evaluate("GET", h, dateNow)
	}
}
