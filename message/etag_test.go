package message_test

import (
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/message"
)

func TestValidETag(t *testing.T) {
	for _, tt := range []struct {
		rule, tag string
		want      bool
	}{
		{"RFC 9110 section 8.8.3: strong", `"xyzzy"`, true},
		{"RFC 9110 section 8.8.3: weak", `W/"xyzzy"`, true},
		{"RFC 9110 section 8.8.3: empty", `""`, true},
		{"a comma is an etagc", `"a,b"`, true},
		{"a backslash is an etagc, not an escape", `"a\"`, true},
		{"obs-text is an etagc", "\"\x80\xff\"", true},
		{"W is case-sensitive", `w/"xyzzy"`, false},
		{"no quotes", `xyzzy`, false},
		{"no closing quote", `"xyzzy`, false},
		{"no opening quote", `xyzzy"`, false},
		{"nothing after W/", `W/`, false},
		{"white space after W/", `W/ "xyzzy"`, false},
		{"a space is no etagc", `"xy zzy"`, false},
		{"a tab is no etagc", "\"xy\tzzy\"", false},
		{"DEL is no etagc", "\"xy\x7fzzy\"", false},
		{"NUL is no etagc", "\"xy\x00zzy\"", false},
		{"more behind it", `"xyzzy"-gzip`, false},
		{"a list", `"a", "b"`, false},
		{"a star", `*`, false},
		{"empty", ``, false},
	} {
		if got := message.ValidETag(tt.tag); got != tt.want {
			t.Errorf("%s: ValidETag(%q) = %t, want %t", tt.rule, tt.tag, got, tt.want)
		}
	}
}

// The comparisons are seen from outside through If-Match (strong) and If-None-Match (weak).
func TestETagComparison(t *testing.T) {
	for _, tt := range []struct {
		a, b         string
		strong, weak bool
	}{ // the table of RFC 9110 section 8.8.3.2
		{`W/"1"`, `W/"1"`, false, true},
		{`W/"1"`, `W/"2"`, false, false},
		{`W/"1"`, `"1"`, false, true},
		{`"1"`, `W/"1"`, false, true},
		{`"1"`, `"1"`, true, true},
		{`"1"`, `"a"`, false, false},
		{`"a"`, `"A"`, false, false},
	} {
		v := message.Validators{ETag: tt.a}
		if got := evaluate(v, "GET", "If-Match", tt.b) == message.Proceed; got != tt.strong {
			t.Errorf("strong comparison of %s and %s = %t, want %t", tt.a, tt.b, got, tt.strong)
		}
		if got := evaluate(v, "GET", "If-None-Match", tt.b) == message.NotModified; got != tt.weak {
			t.Errorf("weak comparison of %s and %s = %t, want %t", tt.a, tt.b, got, tt.weak)
		}
	}
}

func TestIfNoneMatchList(t *testing.T) {
	v := message.Validators{ETag: `"b"`}
	for _, tt := range []struct {
		rule  string
		lines []string
		want  message.Outcome
	}{
		{"RFC 9110 section 13.1.2: one member", []string{`"b"`}, message.NotModified},
		{"RFC 9110 section 13.1.2: a list", []string{`"a", "b", "c"`}, message.NotModified},
		{"RFC 9110 section 5.3: lines are one list", []string{`"a"`, `"b"`}, message.NotModified},
		{"RFC 9110 section 5.6.1: empty members", []string{`, "a" ,, "b",`}, message.NotModified},
		{"RFC 9110 section 5.6.1: no white space needed", []string{`"a",W/"b"`}, message.NotModified},
		{"RFC 9110 section 5.6.1: tabs", []string{"\"a\"\t,\t\"b\"\t"}, message.NotModified},
		{"a comma inside a tag", []string{`"a,"b","b"`}, message.Proceed},
		{"a backslash escapes nothing", []string{`"a\","b"`}, message.NotModified},
		{"an empty list", []string{``}, message.Proceed},
		{"no comma between members", []string{`"a" "b"`}, message.Proceed},
		{"a malformed member after the match", []string{`"b", c`}, message.Proceed},
		{"a malformed member before the match", []string{`c, "b"`}, message.Proceed},
		{"a malformed member on another line", []string{`"b"`, `c`}, message.Proceed},
		{"letters behind a tag", []string{`"b"x`}, message.Proceed},
		{"no quotes", []string{`b`}, message.Proceed},
		{"W is case-sensitive", []string{`w/"b"`}, message.Proceed},
		{"RFC 9110 section 13.1.2: a star", []string{`*`}, message.NotModified},
		{"a star is no member", []string{`"a", *`}, message.Proceed},
		{"a star is no member", []string{`*`, `"a"`}, message.Proceed},
		{"a star in quotes is a tag", []string{`"*"`}, message.Proceed},
	} {
		h := &message.Header{}
		for _, line := range tt.lines {
			h.Add("If-None-Match", line)
		}
		if got := v.Evaluate("GET", h, dateNow); got != tt.want {
			t.Errorf("%s: If-None-Match %q against %s = %v, want %v", tt.rule, tt.lines, v.ETag, got, tt.want)
		}
	}
}

// The answer does not depend on how a list is divided into lines; a list of two tags matches the second; a list with a
// quote that has no partner matches nothing.
func FuzzIfNoneMatch(f *testing.F) {
	f.Add(`"a"`, `W/"b"`)
	f.Add(`"a\"`, `"b", , "c"`)
	f.Add(`*`, `"`)
	f.Fuzz(func(t *testing.T, list, tag string) {
		v := message.Validators{ETag: tag}
		two := &message.Header{}
		two.Add("If-None-Match", list)
		two.Add("If-None-Match", tag)
		joined := v.Evaluate("GET", fields("If-None-Match", list+","+tag), time.Time{})
		if lines := v.Evaluate("GET", two, time.Time{}); lines != joined {
			t.Errorf("If-None-Match %q and %q against %q = %v, joined %v", list, tag, tag, lines, joined)
		}
		if message.ValidETag(list) && message.ValidETag(tag) && joined != message.NotModified {
			t.Errorf("If-None-Match %q, %q against %q = %v, want NotModified", list, tag, tag, joined)
		}
		if strings.Count(list+tag, `"`)%2 != 0 && joined != message.Proceed {
			t.Errorf("If-None-Match %q, %q = %v, want Proceed: a quote has no partner", list, tag, joined)
		}
	})
}
