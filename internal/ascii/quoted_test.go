package ascii_test

import (
	"testing"

	"github.com/microroute/microroute/internal/ascii"
)

func TestMemberEnd(t *testing.T) {
	for list, want := range map[string]int{
		"":          0,
		"a":         1,
		"a,b":       1,
		`"a,b",c`:   5,
		`"a\",b",c`: 7,
		`a\,b`:      2,
		`"a,b`:      4,
		`"a\`:       3,
	} {
		if got := ascii.MemberEnd(list); got != want {
			t.Errorf("MemberEnd(%q) = %d, want %d", list, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		text   string
		length int
		means  string
	}{
		{"", 0, ""},
		{"a;b", 1, "a"},
		{";", 0, ""},
		{`"a;b"c`, 5, "a;b"},
		{`""`, 2, ""},
		{`"a\"\\b"`, 8, `a"\b`},
		{"\"\t\xff\"", 4, "\t\xff"},
		{`"a`, 0, ""},
		{`"a\"`, 0, ""},
		{`"a\`, 0, ""},
		{"\"a\x00\"", 0, ""},
		{"\"\\\x7f\"", 0, ""},
	} {
		got := ascii.WordLen(tt.text)
		if got != tt.length {
			t.Errorf("WordLen(%q) = %d, want %d", tt.text, got, tt.length)
			continue
		}
		if means := ascii.Unquote(tt.text[:got]); means != tt.means {
			t.Errorf("Unquote(%q) = %q, want %q", tt.text[:got], means, tt.means)
		}
	}
}
