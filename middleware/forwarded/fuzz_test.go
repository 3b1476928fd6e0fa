package forwarded_test

import (
	"strings"
	"testing"

	"github.com/microroute/microroute/middleware/forwarded"
)

// FuzzForwarded: whatever a client has sent, it cannot say who it is once a proxy has added that, nor what it has asked for.
// At worst, by a quote that it leaves open, it has the proxy's words taken for malformed: then nothing is believed. If they
// stand in a line of their own, or in a list without quotes, they count in any case. What is taken for a scheme or a host
// is one.
func FuzzForwarded(f *testing.F) {
	for _, start := range []string{
		"", "for=6.6.6.6", "for=6.6.6.6, for=10.0.0.2", `for="`, `for="\`, `for=6.6.6.6;x="`, `for="[::1]:80";proto=http;host=a`,
		"proto=javascript", "host=<script>", "host=a/b", `host="a:b"`, "for=unknown", "6.6.6.6, 10.0.0.2", ",", `"`, ";;", "=",
	} {
		f.Add(start)
	}
	standard := handler(forwarded.Config{Proxies: proxies, Client: "Forwarded", Scheme: "Forwarded", Host: "Forwarded"})
	others := handler(forwarded.Config{
		Proxies: proxies, Client: "X-Forwarded-For", Scheme: "X-Forwarded-Proto", Host: "X-Forwarded-Host",
	})
	const nothing = unknown + inner
	f.Fuzz(func(t *testing.T, start string) {
		if strings.ContainsFunc(start, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			t.Skip("no value of a field")
		}
		for _, test := range []struct{ added, want string }{
			{"for=203.0.113.7;proto=https;host=shop.test", "203.0.113.7:0 https://shop.test"},
			{`for="[2001:db8::7]:80";proto=https;host="shop.test:81"`, "[2001:db8::7]:80 https://shop.test:81"},
		} {
			if got := ask(standard, peer, "Forwarded: "+start+", "+test.added); got != test.want && got != nothing {
				t.Errorf("%q, %s: got %s, want %s or nothing", start, test.added, got, test.want)
			}
			if got := ask(standard, peer, "Forwarded: "+start, "Forwarded: "+test.added); got != test.want {
				t.Errorf("%q and %s: got %s, want %s", start, test.added, got, test.want)
			}
		}
		got := ask(others, peer, "X-Forwarded-For: "+start+", 203.0.113.7", "X-Forwarded-Proto: "+start+",https",
			"X-Forwarded-Host: "+start+", shop.test")
		if want := "203.0.113.7:0 https://shop.test"; got != want {
			t.Errorf("%q: got %s, want %s", start, got, want)
		}
		for _, got := range []string{
			ask(standard, peer, "Forwarded: "+start),
			ask(others, peer, "X-Forwarded-For: "+start, "X-Forwarded-Proto: "+start, "X-Forwarded-Host: "+start),
		} {
			_, url, _ := strings.Cut(strings.TrimPrefix(got, "invalid "), " ")
			scheme, host, _ := strings.Cut(url, "://")
			if scheme != "http" && scheme != "https" || host == "" || strings.ContainsAny(host, "/?#@\\<>\"%, \t") {
				t.Errorf("%q: got %s, want a scheme and a host", start, got)
			}
		}
	})
}
