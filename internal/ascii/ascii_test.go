package ascii_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/ascii"
)

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

// Every octet belongs to the classes that the grammars give it, and to no other.
func TestClasses(t *testing.T) {
	tchar := letters + digits + "!#$%&'*+-.^_`|~" // RFC 9110 section 5.6.2
	for i := range 256 {
		c := byte(i)
		one := string([]byte{c})
		for _, class := range []struct {
			name string
			got  bool
			want bool
		}{
			{"IsTokenChar", ascii.IsTokenChar(c), strings.Contains(tchar, one)},
			{"IsToken", ascii.IsToken(one), strings.Contains(tchar, one)},
			{"TokenLen", ascii.TokenLen(one) == 1, strings.Contains(tchar, one)},
			{"ValueLen", ascii.ValueLen(one) == 1, c == '\t' || c >= ' ' && c != 0x7f},                   // RFC 9110 section 5.5
			{"TargetLen", ascii.TargetLen(one) == 1, c > ' ' && c < 0x7f},                                // RFC 3986 section 2
			{"HostLen", ascii.HostLen(one) == 1, strings.Contains(letters+digits+"-._~!$&'()*+;=", one)}, // section 3.2.2
			{"IsDigit", ascii.IsDigit(c), strings.Contains(digits, one)},
		} {
			if class.got != class.want {
				t.Errorf("%s(%q) = %t, want %t", class.name, one, class.got, class.want)
			}
		}
		value, ok := ascii.Hex(c)
		want, err := strconv.ParseUint(one, 16, 8)
		if ok != (err == nil) || value != byte(want) {
			t.Errorf("Hex(%q) = %d, %t, want %d, %t", one, value, ok, want, err == nil)
		}
	}
}

func TestSpans(t *testing.T) {
	for _, tt := range []struct {
		text                 string
		token, value, target int
		isToken              bool
	}{
		{"", 0, 0, 0, false},
		{"Host", 4, 4, 4, true},
		{"Host: a", 4, 7, 5, false},
		{" a", 0, 2, 0, false},
		{"a\x00b", 1, 1, 1, false},
		{"a\rb", 1, 1, 1, false},
		{"a\tb", 1, 3, 1, false},
		{"/a?b=c#d", 0, 8, 8, false},
		{"Größe", 2, 7, 2, false},
	} {
		if got := ascii.TokenLen(tt.text); got != tt.token {
			t.Errorf("TokenLen(%q) = %d, want %d", tt.text, got, tt.token)
		}
		if got := ascii.ValueLen([]byte(tt.text)); got != tt.value {
			t.Errorf("ValueLen(%q) = %d, want %d", tt.text, got, tt.value)
		}
		if got := ascii.TargetLen(tt.text); got != tt.target {
			t.Errorf("TargetLen(%q) = %d, want %d", tt.text, got, tt.target)
		}
		if got := ascii.IsToken(tt.text); got != tt.isToken {
			t.Errorf("IsToken(%q) = %t, want %t", tt.text, got, tt.isToken)
		}
	}
}

// ValueLen looks at several octets at once: at each place every octet must count as it does alone.
func TestValueLenAtEveryPlace(t *testing.T) {
	for _, filler := range []string{"a", " ", "\t", "~", "\x80", "\xff"} {
		for place := range 20 {
			for c := range 256 {
				text := []byte(strings.Repeat(filler, 20))
				text[place] = byte(c)
				want := len(text)
				if ascii.ValueLen(text[place:place+1]) == 0 {
					want = place
				}
				if got := ascii.ValueLen(text); got != want {
					t.Errorf("ValueLen(%q) = %d, want %d", text, got, want)
				}
			}
		}
	}
}

func TestEqualFold(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"", "", true},
		{"Content-Length", "cONTENT-lENGTH", true},
		{"Host", "Hos", false},
		{"Host", "Hosx", false},
		{"[", "{", false},           // 0x20 apart, but no letters
		{"@", "`", false},           // 0x20 apart, but no letters
		{"K", "\u212a", false},      // the Kelvin sign folds to k in Unicode only
		{"\xc4", "\xe4", false},     // Ä and ä in Latin-1
		{"azAZ09", "AZaz09", true},  // the ends of the ranges
		{"a\x00b", "A\x00B", true},  // controls are like any other octet
		{"a\x00b", "A\x20B", false}, // and are not folded
	} {
		if got := ascii.EqualFold(tt.a, []byte(tt.b)); got != tt.want {
			t.Errorf("EqualFold(%q, %q) = %t, want %t", tt.a, tt.b, got, tt.want)
		}
		if got := ascii.EqualFold([]byte(tt.b), tt.a); got != tt.want {
			t.Errorf("EqualFold(%q, %q) = %t, want %t", tt.b, tt.a, got, tt.want)
		}
	}
}

func TestLower(t *testing.T) {
	for i := range 256 {
		c := byte(i)
		want := c
		if i := strings.IndexByte(letters, c); i >= 26 {
			want = letters[i-26]
		}
		if got := ascii.Lower(c); got != want {
			t.Errorf("Lower(%q) = %q, want %q", c, got, want)
		}
	}
}

func TestUint(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"0", 0, true},
		{"5", 5, true},
		{"0005", 5, true},
		{"9223372036854775807", math.MaxInt64, true},
		{strings.Repeat("0", 100) + "7", 7, true},
		{"9223372036854775808", 0, false},
		{"18446744073709551616", 0, false}, // 2 to the 64th would wrap to 0
		{"99999999999999999999999999", 0, false},
		{"", 0, false},
		{"+5", 0, false},
		{"-0", 0, false},
		{" 5", 0, false},
		{"5 ", 0, false},
		{"0x5", 0, false},
		{"1_000", 0, false},
		{"1.0", 0, false},
		{"٥", 0, false}, // a digit, but not of ASCII
	} {
		if got, ok := ascii.Uint(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("Uint(%q) = %d, %t, want %d, %t", tt.text, got, ok, tt.want, tt.ok)
		}
		if got, ok := ascii.Uint([]byte(tt.text)); got != tt.want || ok != tt.ok {
			t.Errorf("Uint([]byte(%q)) = %d, %t, want %d, %t", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

func TestTrimOWS(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{" ", ""},
		{"\t \t", ""},
		{"a", "a"},
		{" \ta b\t ", "a b"},
		{"\va\f", "\va\f"}, // white space elsewhere, but not in HTTP
		{"\u00a0a", "\u00a0a"},
		{"\r\na", "\r\na"},
	} {
		if got := ascii.TrimOWS(tt.text); got != tt.want {
			t.Errorf("TrimOWS(%q) = %q, want %q", tt.text, got, tt.want)
		}
		if got := ascii.TrimOWS([]byte(tt.text)); string(got) != tt.want {
			t.Errorf("TrimOWS([]byte(%q)) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
