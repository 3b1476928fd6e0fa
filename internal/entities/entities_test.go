package entities

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"no reference", "plain é", "plain é"},
		{"several", "&lt;b&gt; &amp; &eacute;", "<b> & é"},
		{"decoded once", "&amp;lt;", "&lt;"},
		{"two characters", "&NotEqualTilde;", "≂̸"},
		{"longer than the name", "&nLt;&nGt;", "\u226A\u20D2\u226B\u20D2"},
		{"case matters", "&Eacute;&eacute;&EACUTE;", "Éé&EACUTE;"},
		{"no semicolon", "&eacute &lt&gt", "é <>"},
		{"a longer word", "&notit;", "¬it;"},
		{"the longest name", "&notin; &notin", "∉ ¬in"},
		{"a name that needs its semicolon", "&Abreve", "&Abreve"},
		{"no name", "& &; &&amp; a&b &", "& &; && a&b &"},
		{"an unknown name", "&nosuch;", "&nosuch;"},
		{"decimal", "&#233;&#0233;&#233x", "éééx"},
		{"hexadecimal", "&#xe9;&#XE9;&#xE9g", "ééég"},
		{"one digit", "&#9 &#x9 ", "\t \t "},
		{"no digits", "&# &#; &#x; &#xg; &#", "&# &#; &#x; &#xg; &#"},
		{"beyond the last plane", "&#x10FFFF;&#x110000;&#99999999999999999999;", "\U0010FFFF\uFFFD\uFFFD"},
		{"no characters", "&#0;&#xD800;", "\uFFFD\uFFFD"},
		{"windows-1252", "&#x80;&#x81;&#x9F;", "€\u0081Ÿ"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Decode(c.text); got != c.want {
				t.Errorf("Decode(%q): got %q, want %q", c.text, got, c.want)
			}
		})
	}
}

// longer matches the references that package html leaves out, as it decodes in place.
var longer = regexp.MustCompile("&n[GL]t;")

// The HTML Standard has 2125 names and will have no others.
func TestTable(t *testing.T) {
	if len(table) != 2125 {
		t.Errorf("got %d names, want 2125", len(table))
	}
	name := func(entry string) string { return entry[:nameLen(entry)] }
	if !slices.IsSortedFunc(table[:], func(a, b string) int { return strings.Compare(name(a), name(b)) }) {
		t.Error("not sorted")
	}
	for _, entry := range table {
		if longer.MatchString("&" + entry) {
			continue
		}
		for _, text := range []string{"&" + name(entry) + ";", "&" + name(entry)} {
			if got, want := Decode(text), html.UnescapeString(text); got != want {
				t.Errorf("Decode(%q): got %q, package html has %q", text, got, want)
			}
		}
	}
}

// Package html takes some numbers otherwise than the standard says: &#x; for one, and &#9 without a semicolon.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{"a &lt; b", "&notit;&notin;&no", "&&amp&;", "&#233;&#xe9;&#150;", "é&nbsp"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "&#") || longer.MatchString(text) {
			t.Skip()
		}
		if got, want := Decode(text), html.UnescapeString(text); got != want {
			t.Errorf("Decode(%q): got %q, package html has %q", text, got, want)
		}
	})
}
