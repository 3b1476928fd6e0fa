package cookie_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/cookie"
)

func TestAll(t *testing.T) {
	for _, tt := range []struct {
		rule, field string
		want        []string // names and values in turn
	}{
		{"RFC 6265 section 4.2.1: one", "SID=31d4", []string{"SID", "31d4"}},
		{"RFC 6265 section 4.2.1: two", "SID=31d4; lang=en-US", []string{"SID", "31d4", "lang", "en-US"}},
		{"RFC 6265 section 5.4: repeats in order", "a=1; a=2", []string{"a", "1", "a", "2"}},
		{"no value", "a=; b=2", []string{"a", "", "b", "2"}},
		{"equals signs in a value", "a=b=c==", []string{"a", "b=c=="}},
		{"quotes around a value", `a="b"; c=""`, []string{"a", "b", "c", ""}},
		{"quotes elsewhere", `a="; b="c; d=e"f"`, []string{"a", `"`, "b", `"c`, "d", `e"f"`}},
		{"no space between pairs", "a=1;b=2", []string{"a", "1", "b", "2"}},
		{"white space around everything", " a\t=\t1 ; b = 2 ", []string{"a", "1", "b", "2"}},
		{"spaces and commas in a value", "a=b c, d", []string{"a", "b c, d"}},
		{"names that are no tokens", "a[b]=1; a:b=2", []string{"a[b]", "1", "a:b", "2"}},
		{"beyond ASCII", "a=é", []string{"a", "é"}},
		{"RFC 6265bis section 5.6: only spaces and tabs are white space", "\u00a0__Host-a=1", []string{"\u00a0__Host-a", "1"}},
		{"left out: no equals sign", "a; b=2; c", []string{"b", "2"}},
		{"left out: no name", "=1; b=2; =", []string{"b", "2"}},
		{"left out: empty", "; ;b=2;;", []string{"b", "2"}},
		{"left out: control characters", "a=\x01; b\x7f=1; c=3\t4; d=\x00; e=5", []string{"e", "5"}},
		{"nothing", "", nil},
	} {
		var got []string
		for name, value := range cookie.All(tt.field) {
			got = append(got, name, value)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: All(%q) = %q, want %q", tt.rule, tt.field, got, tt.want)
		}
	}
}

func TestAllStops(t *testing.T) {
	count := 0
	for range cookie.All("a=1; b=2; c=3") {
		if count++; count == 2 {
			break
		}
	}
	if count != 2 {
		t.Errorf("All yields %d pairs to a loop that breaks at the second", count)
	}
}

func TestFind(t *testing.T) {
	const field = "a=1; A=2; a=3; e=; broken"
	for _, tt := range []struct {
		rule, name, want string
		ok               bool
	}{
		{"the first of several", "a", "1", true},
		{"names are compared exactly", "A", "2", true},
		{"an empty value", "e", "", true},
		{"not there", "x", "", false},
		{"malformed", "broken", "", false},
		{"no name", "", "", false},
	} {
		if got, ok := cookie.Find(field, tt.name); got != tt.want || ok != tt.ok {
			t.Errorf("%s: Find(%q, %q) = %q, %t, want %q, %t", tt.rule, field, tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

func TestFindAllocatesNothing(t *testing.T) {
	const field = `SID=31d4; lang=en-US; theme="dark"`
	if n := testing.AllocsPerRun(100, func() { cookie.Find(field, "theme") }); n != 0 {
		t.Errorf("Find(%q, theme) allocates %v times, want 0", field, n)
	}
}

// Names are not empty, neither they nor values have control characters or semicolons or white space around them, and
// Find finds the first of each name.
func FuzzAll(f *testing.F) {
	f.Add("SID=31d4; lang=en-US")
	f.Add(`a="b"; ;=c;d`)
	f.Add(" \ta = \x00;b=\"\"")
	f.Fuzz(func(t *testing.T, field string) {
		seen := map[string]bool{}
		for name, value := range cookie.All(field) {
			for _, s := range []string{name, value} {
				if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == ';' }) {
					t.Errorf("All(%q) yields %q", field, s)
				}
			}
			if name == "" || strings.Trim(name, " \t") != name || strings.Contains(name, "=") {
				t.Errorf("All(%q) yields the name %q", field, name)
			}
			if got, ok := cookie.Find(field, name); !ok || got != value && !seen[name] {
				t.Errorf("Find(%q, %q) = %q, %t, want %q", field, name, got, ok, value)
			}
			seen[name] = true
		}
	})
}

func BenchmarkFind(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		cookie.Find("SID=31d4; lang=en-US; theme=dark", "theme")
	}
}
