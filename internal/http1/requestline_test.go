package http1_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/http1"
)

func TestRequestLine(t *testing.T) {
	const host = "\r\nHost: a.test\r\n\r\n"
	check(t, []headCase{
		{"RFC 9112 section 3", "GET / HTTP/1.1" + host, ""},
		{"RFC 9112 section 2.2: an empty line before", "\r\nGET / HTTP/1.1" + host, ""},
		{"up to four of them", "\r\n\r\n\r\n\r\nGET / HTTP/1.1" + host, ""},
		{"but not five", "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1" + host, "400 too many empty lines before the request line"},

		{"RFC 9110 section 9.1: any token is a method", "M-SEARCH!#$%&'*+.^_`|~9 / HTTP/1.1" + host, ""},
		{"methods are case-sensitive", "Get / HTTP/1.1" + host, ""},
		{"of at most 32 letters", strings.Repeat("M", 32) + " / HTTP/1.1" + host, ""},
		{"but no longer", strings.Repeat("M", 33) + " / HTTP/1.1" + host, "400 malformed method"},
		{"no method", " / HTTP/1.1" + host, "400 malformed method"},
		{"a space before the method", " GET / HTTP/1.1" + host, "400 malformed method"},
		{"no token", "GE(T / HTTP/1.1" + host, "400 malformed method"},
		{"a tab behind the method", "GET\t/ HTTP/1.1" + host, "400 malformed method"},
		{"a vertical tab", "GET\v/ HTTP/1.1" + host, "400 malformed method"},
		{"a CR within", "GE\rT / HTTP/1.1" + host, "400 malformed method"},
		{"a CR before", "\rGET / HTTP/1.1" + host, "400 malformed method"},
		{"a NUL", "\x00 / HTTP/1.1" + host, "400 malformed method"},
		{"a greeting of TLS", "\x16\x03\x01\x02\x00\x01\r\n", "400 malformed method"},

		{"only a method", "GET" + host, "400 malformed request line"},
		{"a method and a space", "GET " + host, "400 malformed request line"},
		{"no version", "GET /" + host, "400 malformed request line"},
		{"no target", "GET HTTP/1.1" + host, "400 malformed request line"},
		{"two spaces before the target", "GET  / HTTP/1.1" + host, "400 malformed request line"},
		{"a tab before the version", "GET /\tHTTP/1.1" + host, "400 malformed request line"},
		{"a control in the target", "GET /a\x01b HTTP/1.1" + host, "400 malformed request line"},
		{"UTF-8 in the target", "GET /é HTTP/1.1" + host, "400 malformed request line"},
		{"DEL in the target", "GET /\x7f HTTP/1.1" + host, "400 malformed request line"},
		{"a CR in the target", "GET /a\rb HTTP/1.1" + host, "400 malformed request line"},

		{"RFC 9112 section 2.3", "GET / HTTP/1.0" + host, ""},
		{"RFC 9110 section 2.5: a later minor version", "GET / HTTP/1.9" + host, ""},
		{"RFC 9110 section 15.6.6: another major one", "GET / HTTP/2.0" + host, "505 HTTP version is neither 1.0 nor 1.1"},
		{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 HTTP version is neither 1.0 nor 1.1"},
		{"HTTP/0.9", "GET / HTTP/0.9" + host, "505 HTTP version is neither 1.0 nor 1.1"},
		{"versions are case-sensitive", "GET / http/1.1" + host, "400 malformed HTTP version"},
		{"one digit each", "GET / HTTP/01.1" + host, "400 malformed HTTP version"},
		{"one digit each", "GET / HTTP/1.10" + host, "400 malformed HTTP version"},
		{"digits only", "GET / HTTP/1.x" + host, "400 malformed HTTP version"},
		{"digits only", "GET / HTTP/+.1" + host, "400 malformed HTTP version"},
		{"a point between", "GET / HTTP/1,1" + host, "400 malformed HTTP version"},
		{"the name", "GET / HTTQ/1.1" + host, "400 malformed HTTP version"},
		{"no version behind the space", "GET / " + host, "400 malformed HTTP version"},
		{"two spaces before the version", "GET /  HTTP/1.1" + host, "400 malformed HTTP version"},
		{"a word behind it", "GET / HTTP/1.1 x" + host, "400 malformed HTTP version"},
		{"a space behind it", "GET / HTTP/1.1 " + host, "400 malformed HTTP version"},
		{"two CRs", "GET / HTTP/1.1\r" + host, "400 malformed HTTP version"},
		{"a space in the target", "GET /a b HTTP/1.1" + host, "400 malformed HTTP version"},
	})
}

func TestTargetForms(t *testing.T) {
	const bad = "400 malformed request target"
	for _, tt := range []struct {
		rule, method, target string
		path, query, host    string // as understood
		wrong                string
	}{
		{"RFC 9112 section 3.2.1: origin-form", "GET", "/a/b?c=d", "/a/b", "c=d", "h", ""},
		{"an empty query", "GET", "/?", "/", "", "h", ""},
		{"two question marks", "GET", "/?a?b", "/", "a?b", "h", ""},
		{"two slashes are a path", "GET", "//evil.test/x", "//evil.test/x", "", "h", ""},
		{"what browsers do not escape", "GET", `/|[]{}<>"^\`, `/|[]{}<>"^\`, "", "h", ""},
		{"escapes", "GET", "/%2f%C3", "/%2f%C3", "", "h", ""},
		{"a malformed escape in the query", "GET", "/?%zz%", "/", "%zz%", "h", ""},
		{"a NUL in the query", "GET", "/?%00", "/", "%00", "h", ""},
		{"a malformed escape in the path", "GET", "/%zz", "", "", "", bad},
		{"a cut one", "GET", "/%4", "", "", "", bad},
		{"a NUL in the path", "GET", "/a%00", "", "", "", bad},
		{"a fragment", "GET", "/a#b", "", "", "", bad},
		{"a fragment behind a query", "GET", "/a?b#c", "", "", "", bad},
		{"no slash", "GET", "a/b", "", "", "", bad},

		{"RFC 9112 section 3.2.2: absolute-form", "GET", "http://a.test:80/b?c", "/b", "c", "a.test:80", ""},
		{"schemes in any case", "GET", "hTTpS://a.test/b", "/b", "", "a.test", ""},
		{"no path", "GET", "http://a.test", "/", "", "a.test", ""},
		{"no path before the query", "GET", "http://a.test?c=/", "/", "c=/", "a.test", ""},
		{"IPv6", "GET", "http://[::1]:80/", "/", "", "[::1]:80", ""},
		{"for OPTIONS too", "OPTIONS", "http://a.test", "/", "", "a.test", ""},
		{"no host", "GET", "http:///b", "", "", "", bad},
		{"no host but a port", "GET", "http://:80/b", "", "", "", bad},
		{"userinfo (RFC 9110 section 4.2.4)", "GET", "http://a@b.test/", "", "", "", bad},
		{"a bad port", "GET", "http://a.test:x/", "", "", "", bad},
		{"a bad host", "GET", "http://a%/", "", "", "", bad},
		{"a fragment", "GET", "http://a.test#b", "", "", "", bad},
		{"another scheme", "GET", "ftp://a.test/", "", "", "", bad},
		{"no scheme", "GET", "://a.test/", "", "", "", bad},
		{"a scheme alone", "GET", "http:", "", "", "", bad},

		{"RFC 9112 section 3.2.3: authority-form", "CONNECT", "a.test:443", "", "", "a.test:443", ""},
		{"IPv6", "CONNECT", "[::1]:443", "", "", "[::1]:443", ""},
		{"for CONNECT only", "GET", "a.test:443", "", "", "", bad},
		{"CONNECT with a path", "CONNECT", "/", "", "", "", bad},
		{"CONNECT with a scheme", "CONNECT", "http://a.test:443", "", "", "", bad},
		{"RFC 9110 section 9.3.6: no port", "CONNECT", "a.test", "", "", "", bad},
		{"no port, IPv6", "CONNECT", "[::1]", "", "", "", bad},
		{"an empty port", "CONNECT", "a.test:", "", "", "", bad},
		{"a port beyond 65535", "CONNECT", "a.test:65536", "", "", "", bad},
		{"no host", "CONNECT", ":443", "", "", "", bad},

		{"RFC 9112 section 3.2.4: asterisk-form", "OPTIONS", "*", "*", "", "h", ""},
		{"for OPTIONS only", "GET", "*", "", "", "", bad},
		{"nothing behind it", "OPTIONS", "*/", "", "", "", bad},
	} {
		raw := tt.method + " " + tt.target + " HTTP/1.1\r\nHost: h\r\n\r\n"
		check(t, []headCase{{tt.rule, raw, tt.wrong}})
		var h http1.Head
		if n, _ := parse(limits, &h, raw); n == 0 {
			continue
		}
		if h.Target() != tt.target || h.RawPath() != tt.path || h.Query() != tt.query || h.Host() != tt.host {
			t.Errorf("%s: %q: target %q, path %q, query %q, host %q", tt.rule, raw, h.Target(), h.RawPath(), h.Query(), h.Host())
		}
	}
}

// The Host field has a uri-host and perhaps a port (RFC 9110 section 7.2, RFC 3986 section 3.2.2).
func TestHost(t *testing.T) {
	for _, host := range []string{
		"", "a.test", "A.TEST.", "localhost", "a.test:80", "a.test:", "a.test:65535", "a.test:00080", "127.0.0.1", "1.2.3.4:5",
		"xn--mnchen-3ya.test", "a_b", "a%20b", "%C3%A9", "-._~!$&'()*+;=", "a" + strings.Repeat("b", 300),
		"[::]", "[::1]", "[::1]:80", "[1:2:3:4:5:6:7:8]", "[1::8]", "[1:2:3:4:5:6:7::]", "[::2:3:4:5:6:7:8]", "[ABCD:ef01::]",
		"[::1.2.3.4]", "[1:2:3:4:5:6:1.2.3.4]", "[1:2:3:4:5::1.2.3.4]", "[::ffff:255.255.255.255]", "[v1.a:b]", "[V1F.~]",
	} {
		check(t, []headCase{{"good host", "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", ""}})
	}
	for _, host := range []string{
		"a b", "a/b", "a?b", "a#b", "a@b", "a\\b", "a,b", "a\"b", "<a>", "a{b}", "a|b", "a^b", "a`b", "é", "a\x80", "a[b]", "a]", "http://a",
		"a:80:80", "a:-1", "a:+1", "a:x", "a: 80", "a:65536", "a:18446744073709551696", ":80", ":", "::1", "a%", "a%4", "a%zz",
		"[", "[]", "]", "[::1", "::1]", "[::1]x", "[::1]80", "[::1]:x", "[::1%25eth0]", "[:::]", "[:]", "[1:]", "[:1]", "[1::2::3]", "[12345::]", "[g::]",
		"[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[::1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8::]", "[1::2:3:4:5:6:7:8]",
		"[1.2.3.4]", "[::1.2.3]", "[::1.2.3.4.5]", "[::1.2.3.256]", "[::1.2.3.04]", "[::1.2.3.]", "[::1.2.3.4:5]",
		"[1:2:3:4:5:1.2.3.4]", "[1:2:3:4:5:6:7:1.2.3.4]", "[::1:2:3:4:5:6:1.2.3.4]", "[1:2:3:4:5:6::1.2.3.4]",
		"[v1]", "[v1.]", "[v.a]", "[vg.a]", "[v1.a,b]", "[v1.a/b]", "[1.a]",
	} {
		check(t, []headCase{{"bad host", "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", "400 malformed host"}})
	}
	check(t, []headCase{
		{"RFC 9112 section 3.2: none", "GET / HTTP/1.1\r\nX-A: 1\r\n\r\n", "400 Host is missing"},
		{"none beside an absolute-form target", "GET http://a.test/ HTTP/1.1\r\n\r\n", "400 Host is missing"},
		{"none in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", ""},
		{"two", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 more than one Host"},
		{"two that are the same", "GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n", "400 more than one Host"},
		{"two in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", "400 more than one Host"},
		{"a NUL", "GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n", "400 control character in a field value"},
	})
}

// Every way to put the parts of an IPv6 address together, up to one group too many, is judged as net/netip does.
func TestIPv6(t *testing.T) {
	parts := []string{"1:", ":", "ffff", "1.2.3.4"}
	var h http1.Head
	var try func(address string, more int)
	try = func(address string, more int) {
		_, wrong := parse(limits, &h, "GET / HTTP/1.1\r\nHost: ["+address+"]\r\n\r\n")
		ip, err := netip.ParseAddr(address)
		if good := err == nil && ip.Is6(); good != (wrong == "") {
			t.Errorf("[%s]: wrong is %q, net/netip accepts it: %t", address, wrong, good)
		}
		if more > 0 {
			for _, part := range parts {
				try(address+part, more-1)
			}
		}
	}
	try("", 9)
}
