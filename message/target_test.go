package message_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/microroute/microroute/message"
)

func TestDecode(t *testing.T) {
	for _, tt := range []struct{ rule, text, path, query string }{
		{"empty", "", "", ""},
		{"nothing to decode", "/a/b", "/a/b", "/a/b"},
		{"RFC 3986 section 2.1: either case", "%c3%A9", "é", "é"},
		{"a slash too", "a%2Fb", "a/b", "a/b"},
		{"+ is a space in queries only", "a+b", "a+b", "a b"},
		{"+ before and behind an escape", "+%2B+", "+++", " + "},
		{"decoded once", "%2541", "%41", "%41"},
		{"NUL and octets beyond UTF-8", "%00%ff", "\x00\xff", "\x00\xff"},
		{"a lone %", "%", "%", "%"},
		{"cut off", "a%4", "a%4", "a%4"},
		{"no digits", "%zz%4z%z4", "%zz%4z%z4", "%zz%4z%z4"},
		{"malformed, then good", "%%41", "%A", "%A"},
		{"a % that only decoding makes", "%25%34%31", "%41", "%41"},
	} {
		if got := message.DecodePath(tt.text); got != tt.path {
			t.Errorf("%s: DecodePath(%q) = %q, want %q", tt.rule, tt.text, got, tt.path)
		}
		if got := message.DecodeQuery(tt.text); got != tt.query {
			t.Errorf("%s: DecodeQuery(%q) = %q, want %q", tt.rule, tt.text, got, tt.query)
		}
	}
}

func TestEncode(t *testing.T) {
	for _, tt := range []struct{ rule, text, path, reference string }{
		{"empty", "", "", ""},
		{"RFC 3986 section 2.3: unreserved", "aZ09-._~", "aZ09-._~", "aZ09-._~"},
		{"RFC 3986 section 2.2: sub-delims", "!$&'()*+,;=", "!$&'()*+,;=", "!$&'()*+,;="},
		{"RFC 3986 section 2.2: gen-delims", ":/?#[]@", ":/%3F%23%5B%5D@", ":/?#[]@"},
		{"escapes", "%41", "%2541", "%41"},
		{"spaces and quotes", `a b"<>`, "a%20b%22%3C%3E", "a%20b%22%3C%3E"},
		{"browsers take a backslash for a slash", `/\a`, "/%5Ca", "/%5Ca"},
		{"lines end nowhere", "/a\r\nSet-Cookie: x\x00", "/a%0D%0ASet-Cookie:%20x%00", "/a%0D%0ASet-Cookie:%20x%00"},
		{"UTF-8", "/é", "/%C3%A9", "/%C3%A9"},
		{"a whole reference", "https://a.test:1/b?c=d%20e#f", "https://a.test:1/b%3Fc=d%2520e%23f", "https://a.test:1/b?c=d%20e#f"},
	} {
		if got := message.EncodePath(tt.text); got != tt.path {
			t.Errorf("%s: EncodePath(%q) = %q, want %q", tt.rule, tt.text, got, tt.path)
		}
		if got := message.EncodeReference(tt.text); got != tt.reference {
			t.Errorf("%s: EncodeReference(%q) = %q, want %q", tt.rule, tt.text, got, tt.reference)
		}
	}
}

func TestCodingAllocates(t *testing.T) {
	for _, tt := range []struct {
		name string
		code func()
		want float64
	}{
		{"DecodePath, nothing to do", func() { message.DecodePath("/a/b") }, 0},
		{"EncodePath, nothing to do", func() { message.EncodePath("/a/b") }, 0},
		{"DecodePath", func() { message.DecodePath("/a%20b/a%20b/a%20b/a%20b/a%20b/a%20b") }, 2},
	} {
		if got := testing.AllocsPerRun(100, tt.code); got > tt.want {
			t.Errorf("%s: %v allocations, want at most %v", tt.name, got, tt.want)
		}
	}
}

const (
	unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
	subDelims  = "!$&'()*+,;="
)

// Any text survives EncodePath and DecodePath, and what lies between is a path (RFC 3986 section 3.3).
func FuzzPathRoundTrip(f *testing.F) {
	for _, text := range []string{"", "/", "/a b", "/%41", "/\xff\x00", "/é?#[]", `\`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		encoded := message.EncodePath(text)
		if i := strings.IndexFunc(encoded, func(r rune) bool { return !strings.ContainsRune(unreserved+subDelims+":@/%", r) }); i >= 0 {
			t.Errorf("EncodePath(%q) = %q, which has %q", text, encoded, encoded[i])
		}
		if got := message.DecodePath(encoded); got != text {
			t.Errorf("DecodePath(EncodePath(%q)) = %q by way of %q", text, got, encoded)
		}
		if decoded, err := url.PathUnescape(encoded); err != nil || decoded != text {
			t.Errorf("net/url decodes EncodePath(%q) = %q to %q, %v", text, encoded, decoded, err)
		}
		if want, err := url.PathUnescape(text); err == nil {
			if got := message.DecodePath(text); got != want {
				t.Errorf("DecodePath(%q) = %q, net/url has %q", text, got, want)
			}
		}
		if want, err := url.QueryUnescape(text); err == nil {
			if got := message.DecodeQuery(text); got != want {
				t.Errorf("DecodeQuery(%q) = %q, net/url has %q", text, got, want)
			}
		}
	})
}

// EncodeReference leaves only characters of a URI reference (RFC 3986 appendix A), and changes nothing the second time.
func FuzzEncodeReference(f *testing.F) {
	for _, text := range []string{"", "/a", "//b", "https://a.test/?q=1#f", "/a\r\nX: y", "\x00", "/\\b", "/é|{}", "100%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := message.EncodeReference(text)
		if i := strings.IndexFunc(got, func(r rune) bool { return !strings.ContainsRune(unreserved+subDelims+":/?#[]@%", r) }); i >= 0 {
			t.Errorf("EncodeReference(%q) = %q, which has %q", text, got, got[i])
		}
		if again := message.EncodeReference(got); again != got {
			t.Errorf("EncodeReference(%q) = %q, and again %q", text, got, again)
		}
		if message.DecodePath(got) != message.DecodePath(text) {
			t.Errorf("EncodeReference(%q) = %q, which decodes to something else", text, got)
		}
	})
}
