package message_test

import (
	"mime"
	"strings"
	"testing"
	"unicode"

	"github.com/microroute/microroute/message"
)

func TestContentDisposition(t *testing.T) {
	for _, tt := range []struct{ rule, kind, filename, want string }{
		{"RFC 6266 section 5: attachment", "attachment", "example.html", `attachment; filename="example.html"`},
		{"RFC 6266 section 4.2: inline", "inline", "example.html", `inline; filename="example.html"`},
		{"no name", "attachment", "", "attachment"},
		{"no kind", "", "a.txt", `attachment; filename="a.txt"`},
		{"a kind that is no token", "inline; x", "a.txt", `attachment; filename="a.txt"`},
		{"a space", "attachment", "an example.txt", `attachment; filename="an example.txt"`},
		{"what separates parameters", "attachment", "a;b=c,d.txt", `attachment; filename="a;b=c,d.txt"`},
		{"RFC 6266 section 5: beyond ASCII", "attachment", "€ rates", `attachment; filename="_ rates"; filename*=UTF-8''%E2%82%AC%20rates`},
		{"one underscore for a character", "attachment", "größe.txt", `attachment; filename="gr__e.txt"; filename*=UTF-8''gr%C3%B6%C3%9Fe.txt`},
		{"beyond the basic plane", "attachment", "🍵", `attachment; filename="_"; filename*=UTF-8''%F0%9F%8D%B5`},
		{"RFC 6266 appendix D: a percent sign", "attachment", "50%25.txt", `attachment; filename="50_25.txt"; filename*=UTF-8''50%2525.txt`},
		{"RFC 6266 appendix D: a quote", "attachment", `a"b.txt`, `attachment; filename="a_b.txt"; filename*=UTF-8''a%22b.txt`},
		{"RFC 8187 section 3.2.1: no attr-char", "attachment", "é'*()", `attachment; filename="_'*()"; filename*=UTF-8''%C3%A9%27%2A%28%29`},
		{"RFC 8187 section 3.2.1: attr-char", "attachment", "é!#$&+-.^_`|~aZ9", "attachment; filename=\"_!#$&+-.^_`|~aZ9\"; filename*=UTF-8''%C3%A9!#$&+-.^_`|~aZ9"},
		{"RFC 6266 section 4.3: a path", "attachment", `../a\b`, `attachment; filename=".._a_b"`},
		{"a line end", "attachment", "a\r\nSet-Cookie: b=c", `attachment; filename="a__Set-Cookie: b=c"`},
		{"NUL and DEL", "attachment", "a\x00b\x7f", `attachment; filename="a_b_"`},
		{"a control beyond ASCII", "attachment", "a\u0085b", `attachment; filename="a_b"`},
		{"no UTF-8", "attachment", "a\xffb", `attachment; filename="a_b"; filename*=UTF-8''a%EF%BF%BDb`},
	} {
		if got := message.ContentDisposition(tt.kind, tt.filename); got != tt.want {
			t.Errorf("%s: ContentDisposition(%q, %q)\n got %s\nwant %s", tt.rule, tt.kind, tt.filename, got, tt.want)
		}
	}
}

// The value is one line of visible ASCII and spaces, which others read as the kind and the name, but for what no name has.
func FuzzContentDisposition(f *testing.F) {
	f.Add("attachment", "a b.txt")
	f.Add("inline", "größe\r\n\"%41\\/.txt")
	f.Add("x;y", "\xff\x00")
	f.Fuzz(func(t *testing.T, kind, filename string) {
		value := message.ContentDisposition(kind, filename)
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Fatalf("ContentDisposition(%q, %q) = %q", kind, filename, value)
		}
		if strings.ContainsAny(kind, "/*%'") {
			return // tokens that package mime takes for something else
		}
		gotKind, params, err := mime.ParseMediaType(value)
		if err != nil {
			t.Fatalf("ContentDisposition(%q, %q) = %q: %v", kind, filename, value, err)
		}
		if gotKind != strings.ToLower(kind) && gotKind != "attachment" {
			t.Errorf("ContentDisposition(%q, %q) has kind %q", kind, filename, gotKind)
		}
		if want := asFileName(filename); params["filename"] != want {
			t.Errorf("ContentDisposition(%q, %q) has the name %q, want %q", kind, filename, params["filename"], want)
		}
	})
}

// asFileName replaces what cannot stand in the name of a file, octet by octet where that is no UTF-8.
func asFileName(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) || r == '/' || r == '\\' {
			r = '_'
		}
		b.WriteRune(r)
	}
	return b.String()
}
