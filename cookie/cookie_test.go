package cookie_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/cookie"
)

var expires = time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC)

func TestAppend(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		cookie cookie.Cookie
		want   string
	}{
		{"RFC 6265 section 4.1.1: a pair", cookie.Cookie{Name: "a", Value: "b"}, "a=b"},
		{"RFC 6265 section 4.1.1: no value", cookie.Cookie{Name: "a"}, "a="},
		{"RFC 6265 section 4.1.1: a value in quotes", cookie.Cookie{Name: "a", Value: `"b"`}, `a="b"`},
		{"RFC 6265 section 4.1.1: all of cookie-octet", cookie.Cookie{Name: "a", Value: "!#$%&'()*+-./0:<=>?@AZ[]^_`az{|}~"},
			"a=!#$%&'()*+-./0:<=>?@AZ[]^_`az{|}~"},
		{"RFC 6265 section 4.1.1: all of token", cookie.Cookie{Name: "!#$%&'*+-.^_`|~0Az"}, "!#$%&'*+-.^_`|~0Az="},
		{"RFC 6265 section 4.1.2.1: Expires", cookie.Cookie{Name: "a", Expires: expires}, "a=; Expires=Sun, 06 Nov 1994 08:49:37 GMT"},
		{"RFC 6265 section 5.1.1: first year", cookie.Cookie{Name: "a", Expires: time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)},
			"a=; Expires=Mon, 01 Jan 1601 00:00:00 GMT"},
		{"RFC 6265 section 4.1.2.2: Max-Age", cookie.Cookie{Name: "a", MaxAge: time.Hour}, "a=; Max-Age=3600"},
		{"RFC 6265 section 4.1.2.2: whole seconds", cookie.Cookie{Name: "a", MaxAge: 1999 * time.Millisecond}, "a=; Max-Age=1"},
		{"RFC 6265 section 4.1.2.2: deletion", cookie.Cookie{Name: "a", MaxAge: -time.Hour}, "a=; Max-Age=0"},
		{"RFC 6265 section 4.1.2.3: Domain", cookie.Cookie{Name: "a", Domain: "www.Example-1.com"}, "a=; Domain=www.Example-1.com"},
		{"RFC 6265 section 4.1.2.3: a dot in front", cookie.Cookie{Name: "a", Domain: ".example.com"}, "a=; Domain=example.com"},
		{"RFC 6265 section 4.1.2.4: Path", cookie.Cookie{Name: "a", Path: "/x y,z"}, "a=; Path=/x y,z"},
		{"RFC 6265 section 4.1.1: any character in a Path but controls and ;", cookie.Cookie{Name: "a", Path: `/"\`}, `a=; Path=/"\`},
		{"RFC 6265 section 4.1.2.5: Secure", cookie.Cookie{Name: "a", Secure: true}, "a=; Secure"},
		{"RFC 6265 section 4.1.2.6: HttpOnly", cookie.Cookie{Name: "a", HttpOnly: true}, "a=; HttpOnly"},
		{"RFC 6265bis section 4.1.2.7: Lax", cookie.Cookie{Name: "a", SameSite: cookie.SameSiteLax}, "a=; SameSite=Lax"},
		{"RFC 6265bis section 4.1.2.7: Strict", cookie.Cookie{Name: "a", SameSite: cookie.SameSiteStrict}, "a=; SameSite=Strict"},
		{"RFC 6265bis section 4.1.2.7: None", cookie.Cookie{Name: "a", SameSite: cookie.SameSiteNone, Secure: true},
			"a=; Secure; SameSite=None"},
		{"RFC 6265bis section 4.1.3.1: __Secure-", cookie.Cookie{Name: "__Secure-a", Secure: true, Domain: "a.b"},
			"__Secure-a=; Domain=a.b; Secure"},
		{"RFC 6265bis section 4.1.3.2: __Host-", cookie.Cookie{Name: "__Host-a", Secure: true, Path: "/"}, "__Host-a=; Path=/; Secure"},
		{"a name that only looks like a prefix", cookie.Cookie{Name: "__Hosta"}, "__Hosta="},
		{"Partitioned", cookie.Cookie{Name: "a", Partitioned: true, Secure: true}, "a=; Secure; Partitioned"},
		{"4096 bytes", cookie.Cookie{Name: "a", Value: strings.Repeat("x", 4095)}, "a=" + strings.Repeat("x", 4095)},
	} {
		got, err := tt.cookie.Append([]byte("x"))
		if string(got) != "x"+tt.want || err != nil {
			t.Errorf("%s: %+v.Append = %q, %v, want %q", tt.rule, tt.cookie, got, err, "x"+tt.want)
		}
		encoded, err := tt.cookie.Encode()
		if encoded != tt.want || err != nil {
			t.Errorf("%s: %+v.Encode = %q, %v, want %q", tt.rule, tt.cookie, encoded, err, tt.want)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		cookie cookie.Cookie
		want   error
	}{
		{"name: empty", cookie.Cookie{Value: "b"}, cookie.ErrName},
		{"name: equals sign", cookie.Cookie{Name: "a=b"}, cookie.ErrName},
		{"name: space", cookie.Cookie{Name: "a b"}, cookie.ErrName},
		{"name: line break", cookie.Cookie{Name: "a\r\nb"}, cookie.ErrName},
		{"name: beyond ASCII", cookie.Cookie{Name: "ä"}, cookie.ErrName},
		{"value: space", cookie.Cookie{Name: "a", Value: "b c"}, cookie.ErrValue},
		{"value: semicolon", cookie.Cookie{Name: "a", Value: "b; Domain=c"}, cookie.ErrValue},
		{"value: comma", cookie.Cookie{Name: "a", Value: "b,c"}, cookie.ErrValue},
		{"value: backslash", cookie.Cookie{Name: "a", Value: `b\c`}, cookie.ErrValue},
		{"value: line break", cookie.Cookie{Name: "a", Value: "b\r\nSet-Cookie: c=d"}, cookie.ErrValue},
		{"value: NUL", cookie.Cookie{Name: "a", Value: "b\x00"}, cookie.ErrValue},
		{"value: beyond ASCII", cookie.Cookie{Name: "a", Value: "é"}, cookie.ErrValue},
		{"value: one quote", cookie.Cookie{Name: "a", Value: `"`}, cookie.ErrValue},
		{"value: quotes inside", cookie.Cookie{Name: "a", Value: `b"c"`}, cookie.ErrValue},
		{"value: quotes in quotes", cookie.Cookie{Name: "a", Value: `"b"c"`}, cookie.ErrValue},
		{"RFC 6265bis section 5.6: more than 4096 bytes", cookie.Cookie{Name: "a", Value: strings.Repeat("x", 4096)}, cookie.ErrSize},
		{"path: no slash", cookie.Cookie{Name: "a", Path: "b"}, cookie.ErrPath},
		{"path: semicolon", cookie.Cookie{Name: "a", Path: "/b;c"}, cookie.ErrPath},
		{"path: line break", cookie.Cookie{Name: "a", Path: "/\n"}, cookie.ErrPath},
		{"path: DEL", cookie.Cookie{Name: "a", Path: "/\x7f"}, cookie.ErrPath},
		{"path: beyond ASCII", cookie.Cookie{Name: "a", Path: "/é"}, cookie.ErrPath},
		{"domain: semicolon", cookie.Cookie{Name: "a", Domain: "b;c"}, cookie.ErrDomain},
		{"domain: port", cookie.Cookie{Name: "a", Domain: "localhost:8080"}, cookie.ErrDomain},
		{"domain: scheme", cookie.Cookie{Name: "a", Domain: "https://b.c"}, cookie.ErrDomain},
		{"domain: empty label", cookie.Cookie{Name: "a", Domain: "b..c"}, cookie.ErrDomain},
		{"domain: a dot", cookie.Cookie{Name: "a", Domain: "."}, cookie.ErrDomain},
		{"domain: line break", cookie.Cookie{Name: "a", Domain: "b\r\n"}, cookie.ErrDomain},
		{"domain: beyond ASCII", cookie.Cookie{Name: "a", Domain: "bücher.example"}, cookie.ErrDomain},
		{"MaxAge: a number without its unit", cookie.Cookie{Name: "a", MaxAge: 3600}, cookie.ErrMaxAge},
		{"RFC 6265 section 5.1.1: a year before 1601", cookie.Cookie{Name: "a", Expires: time.Date(1600, 12, 31, 0, 0, 0, 0, time.UTC)}, cookie.ErrExpires},
		{"RFC 6265 section 5.1.1: a year of five digits", cookie.Cookie{Name: "a", Expires: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, cookie.ErrExpires},
		{"SameSite: no such constant", cookie.Cookie{Name: "a", SameSite: 4}, cookie.ErrSameSite},
		{"RFC 6265bis section 5.7: SameSite=None without Secure", cookie.Cookie{Name: "a", SameSite: cookie.SameSiteNone}, cookie.ErrInsecure},
		{"Partitioned without Secure", cookie.Cookie{Name: "a", Partitioned: true}, cookie.ErrInsecure},
		{"RFC 6265bis section 4.1.3.1: __Secure- without Secure", cookie.Cookie{Name: "__Secure-a"}, cookie.ErrPrefix},
		{"RFC 6265bis section 4.1.3.1: in any case", cookie.Cookie{Name: "__sECURE-a"}, cookie.ErrPrefix},
		{"RFC 6265bis section 4.1.3.2: __Host- without Secure", cookie.Cookie{Name: "__Host-a", Path: "/"}, cookie.ErrPrefix},
		{"RFC 6265bis section 4.1.3.2: __Host- without Path", cookie.Cookie{Name: "__Host-a", Secure: true}, cookie.ErrPrefix},
		{"RFC 6265bis section 4.1.3.2: __Host- with another Path", cookie.Cookie{Name: "__Host-a", Secure: true, Path: "/b"}, cookie.ErrPrefix},
		{"RFC 6265bis section 4.1.3.2: __Host- with a Domain", cookie.Cookie{Name: "__host-a", Secure: true, Path: "/", Domain: "b.c"}, cookie.ErrPrefix},
	} {
		got, err := tt.cookie.Append([]byte("x"))
		if string(got) != "x" || !errors.Is(err, tt.want) {
			t.Errorf("%s: %+v.Append = %q, %v, want %q, %v", tt.rule, tt.cookie, got, err, "x", tt.want)
		}
		var e *cookie.Error
		if encoded, err := tt.cookie.Encode(); encoded != "" || !errors.As(err, &e) || e.Name != tt.cookie.Name {
			t.Errorf("%s: %+v.Encode = %q, %v, want an *Error with the name", tt.rule, tt.cookie, encoded, err)
		}
	}
}

// What Append accepts is one line of ASCII that net/http reads as the same cookie, and Find gives its value back.
func FuzzAppend(f *testing.F) {
	f.Add("sid", "7f3a", "/", "example.com", int64(3600), uint8(1), true)
	f.Add("__Host-sid", `"a"`, "/", "", int64(-1), uint8(3), true)
	f.Add("a", "b\r\nc", "/\x00", ";", int64(0), uint8(0), false)
	f.Fuzz(func(t *testing.T, name, value, path, domain string, seconds int64, sameSite uint8, secure bool) {
		c := cookie.Cookie{Name: name, Value: value, Path: path, Domain: domain, Secure: secure, Partitioned: sameSite > 3,
			MaxAge: time.Duration(seconds), SameSite: cookie.SameSite(sameSite & 3)}
		field, err := c.Encode()
		if err != nil {
			return
		}
		for i := range len(field) {
			if field[i] < ' ' || field[i] > '~' {
				t.Fatalf("%+v: %q has the octet %#x", c, field, field[i])
			}
		}
		bare := strings.Trim(value, `"`)
		pair, _, _ := strings.Cut(field, ";")
		if got, ok := cookie.Find(pair, name); got != bare || !ok {
			t.Errorf("Find(%q, %q) = %q, %t, want %q", pair, name, got, ok, bare)
		}
		h, err := http.ParseSetCookie(field)
		samePath := err == nil && h.Path == strings.TrimRight(path, " ") || strings.ContainsAny(path, `"\`) // net/http drops those
		if err != nil || h.Name != name || h.Value != bare || h.Secure != secure || !samePath || h.Partitioned != c.Partitioned {
			t.Errorf("net/http reads %q as %+v, %v", field, h, err)
		}
	})
}

func TestAppendAllocatesNothing(t *testing.T) {
	c := cookie.Cookie{Name: "sid", Value: "7f3a", Path: "/", Domain: "example.com", MaxAge: time.Hour, Expires: expires}
	b := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() { c.Append(b) }); n != 0 {
		t.Errorf("%+v.Append allocates %v times, want 0", c, n)
	}
	if n := testing.AllocsPerRun(100, func() { c.Encode() }); n != 1 {
		t.Errorf("%+v.Encode allocates %v times, want 1, the string", c, n)
	}
}

func BenchmarkEncode(b *testing.B) {
	c := cookie.Cookie{Name: "sid", Value: "7f3a", Path: "/", Secure: true, HttpOnly: true, SameSite: cookie.SameSiteLax}
	b.ReportAllocs()
	for b.Loop() {
		c.Encode()
	}
}
