package forwarded_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/middleware/forwarded"
	"github.com/microroute/microroute/nethttp"
)

// proxies are those of most tests. They connect from 10.0.0.1, others are in front of them.
var proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("2001:db8:ffff::/48")}

// handler returns an App that tells what it takes the client for, and what that has asked for.
func handler(config forwarded.Config) http.Handler {
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Before(forwarded.New(config))
	app.Get("/", tell)
	return nethttp.Handler(app)
}

func tell(c *microroute.Context) string {
	return c.Request.RemoteAddr.String() + " " + c.Request.Scheme() + "://" + c.Request.Host()
}

// ask sends a request from peer with the fields, each of which is "name: value", and returns the answer.
func ask(h http.Handler, peer string, fields ...string) string {
	request := httptest.NewRequest("GET", "http://inner.test/", nil)
	request.RemoteAddr = peer
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		request.Header.Add(name, value)
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, request)
	return recorder.Body.String()
}

const (
	peer    = "10.0.0.1:4711"
	unknown = "invalid AddrPort"
	inner   = " http://inner.test"
)

// TestClient: the client's address, as lists of either kind tell it.
func TestClient(t *testing.T) {
	tests := []struct {
		name, peer string
		list       []string // lines of X-Forwarded-For
		want       string
	}{
		{"one proxy", peer, []string{"203.0.113.7"}, "203.0.113.7:0"},
		{"two proxies", peer, []string{"203.0.113.7, 10.0.0.2"}, "203.0.113.7:0"},
		{"the client has begun the list", peer, []string{"127.0.0.1, 203.0.113.7"}, "203.0.113.7:0"},
		{"with the address of a proxy", peer, []string{"10.0.0.9, 203.0.113.7"}, "203.0.113.7:0"},
		{"with that and two proxies", peer, []string{"6.6.6.6, 10.0.0.9, 203.0.113.7, 10.0.0.2"}, "203.0.113.7:0"},
		{"in a line of its own", peer, []string{"127.0.0.1", "203.0.113.7"}, "203.0.113.7:0"},
		{"in many", peer, []string{"6.6.6.6", "10.0.0.9, 6.6.6.6", "203.0.113.7, 10.0.0.2", "10.0.0.3"}, "203.0.113.7:0"},
		{"around the proxy", "203.0.113.7:4711", []string{"127.0.0.1"}, "203.0.113.7:4711"},
		{"as a proxy around the proxy", "203.0.113.7:4711", []string{"10.0.0.2"}, "203.0.113.7:4711"},
		{"all are proxies", peer, []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3:0"},
		{"no list", peer, nil, unknown},
		{"an empty list", peer, []string{"", " , ,"}, unknown},
		{"empty elements", peer, []string{",203.0.113.7,, ,10.0.0.2,", ","}, "203.0.113.7:0"},
		{"white space", peer, []string{"203.0.113.7\t ,  10.0.0.2 "}, "203.0.113.7:0"},
		{"no white space", peer, []string{"6.6.6.6,203.0.113.7,10.0.0.2"}, "203.0.113.7:0"},

		{"port", peer, []string{"203.0.113.7:50000"}, "203.0.113.7:50000"},
		{"port of a proxy", peer, []string{"203.0.113.7, 10.0.0.2:50000"}, "203.0.113.7:0"},
		{"IPv6", peer, []string{"2001:db8::7"}, "[2001:db8::7]:0"},
		{"IPv6 in brackets", peer, []string{"[2001:db8::7]"}, "[2001:db8::7]:0"},
		{"IPv6 and port", peer, []string{"[2001:db8::7]:50000"}, "[2001:db8::7]:50000"},
		{"IPv6 of a proxy", "[2001:db8:ffff::1]:4711", []string{"2001:db8::7, 2001:DB8:FFFF:0::2"}, "[2001:db8::7]:0"},
		{"IPv4 within IPv6", peer, []string{"::ffff:203.0.113.7"}, "203.0.113.7:0"},
		{"a proxy's within IPv6", peer, []string{"203.0.113.7, ::ffff:10.0.0.2, [::ffff:a00:3]:80"}, "203.0.113.7:0"},
		{"the peer's within IPv6", "[::ffff:10.0.0.1]:4711", []string{"203.0.113.7"}, "203.0.113.7:0"},
		{"zone", peer, []string{"fe80::7%eth0"}, "[fe80::7]:0"},
		{"zone and port", peer, []string{"[fe80::7%a:b]:80"}, "[fe80::7]:80"},
		{"zone of a proxy", peer, []string{"203.0.113.7, 2001:db8:ffff::2%eth0"}, "203.0.113.7:0"},

		{"unknown", peer, []string{"127.0.0.1, unknown"}, unknown},
		{"unknown in front", peer, []string{"127.0.0.1, Unknown, 10.0.0.2"}, unknown},
		{"obfuscated", peer, []string{"127.0.0.1, _SEVKISEK.x-y"}, unknown},
		{"malformed", peer, []string{"127.0.0.1, 203.0.113.7.1"}, unknown},
		{"malformed in front", peer, []string{"127.0.0.1, 1.2.3, 10.0.0.2"}, unknown},
		{"malformed, but not looked at", peer, []string{"<script>, 203.0.113.7"}, "203.0.113.7:0"},
		{"a quote, but not looked at", peer, []string{`"127.0.0.1, 203.0.113.7`}, "203.0.113.7:0"},
		{"spaces in place of commas", peer, []string{"127.0.0.1 203.0.113.7"}, unknown},
		{"a name", peer, []string{"shop.test"}, unknown},
		{"leading zeros", peer, []string{"010.0.0.2"}, unknown},
		{"a number", peer, []string{"3405803783"}, unknown},
		{"IPv4 in brackets", peer, []string{"[10.0.0.2]"}, unknown},
		{"IPv4 with a zone", peer, []string{"10.0.0.2%eth0"}, unknown},
		{"no end of the bracket", peer, []string{"[2001:db8::7"}, unknown},
		{"no end of the bracket, but a port", peer, []string{"[2001:db8::7:80"}, unknown},
		{"no start of the bracket", peer, []string{"2001:db8::7]"}, unknown},
		{"something behind the bracket", peer, []string{"[2001:db8::7]80"}, unknown},
		{"two ports", peer, []string{"[2001:db8::7]:80:81"}, unknown},
		{"port missing", peer, []string{"203.0.113.7:"}, unknown},
		{"port too large", peer, []string{"203.0.113.7:65536"}, unknown},
		{"port with a sign", peer, []string{"203.0.113.7:-1"}, unknown},
	}
	h := handler(forwarded.Config{Proxies: proxies, Client: "X-Forwarded-For"})
	standard := handler(forwarded.Config{Proxies: proxies, Client: "forwarded"})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var lines, elements []string
			for _, line := range test.list {
				lines = append(lines, "X-Forwarded-For: "+line)
				elements = append(elements, "Forwarded: "+asElements(line))
			}
			if got := ask(h, test.peer, lines...); got != test.want+inner {
				t.Errorf("%q from %s: got %s, want %s", test.list, test.peer, got, test.want)
			}
			if got := ask(standard, test.peer, elements...); got != test.want+inner {
				t.Errorf("%q from %s: got %s, want %s", elements, test.peer, got, test.want)
			}
		})
	}
}

// asElements returns a list of addresses as one of Forwarded.
func asElements(line string) string {
	members := strings.Split(line, ",")
	for i, member := range members {
		if member = strings.TrimSpace(member); member != "" {
			members[i] = fmt.Sprintf("for=%q", member)
		}
	}
	return strings.Join(members, ",")
}

func TestForwarded(t *testing.T) {
	h := handler(forwarded.Config{Proxies: proxies, Client: "Forwarded", Scheme: "Forwarded", Host: "Forwarded"})
	const all = "203.0.113.7:0 https://shop.test"
	for _, test := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"all", []string{"for=203.0.113.7;proto=https;host=shop.test"}, all},
		{"in any order and case", []string{"Host=shop.test;PROTO=HTTPS;For=203.0.113.7"}, all},
		{"quoted", []string{`for="203.0.113.7";proto="https";host="shop.test:8443"`}, "203.0.113.7:0 https://shop.test:8443"},
		{"escapes", []string{`for="\203.0.113\.7";proto="\h\t\t\p\s";host="shop.test\:8443"`}, "203.0.113.7:0 https://shop.test:8443"},
		{"others", []string{`by=_gateway;for=203.0.113.7;secret="a,b;for=6.6.6.6\"";proto=https;host=shop.test;by=x`}, all},
		{"spaces and empty pairs", []string{";; for=203.0.113.7 ; proto=https;\t;host=shop.test;"}, all},
		{"example of the RFC", []string{"for=192.0.2.43, for=198.51.100.17;by=203.0.113.60;proto=http;host=example.com"},
			"198.51.100.17:0 http://example.com"},
		{"of the proxy that the client was connected to",
			[]string{"for=6.6.6.6;host=evil.test, for=203.0.113.7;proto=https;host=shop.test, for=10.0.0.2;proto=http;host=inner.test"}, all},
		{"only the address", []string{"for=203.0.113.7"}, "203.0.113.7:0" + inner},
		{"no address", []string{"proto=https;host=shop.test"}, unknown + " https://shop.test"},
		{"unknown address", []string{"for=unknown;proto=https;host=shop.test"}, unknown + " https://shop.test"},
		{"obfuscated address and port", []string{`for="_gazonk:_1";proto=https;host=shop.test`}, unknown + " https://shop.test"},
		{"obfuscated port", []string{`for="203.0.113.7:_p-1"`}, "203.0.113.7:0" + inner},
		{"no field", nil, unknown + inner},
		{"comma in quotes", []string{`for=6.6.6.6;x=", for=6.6.6.7", for=203.0.113.7`}, "203.0.113.7:0" + inner},
		{"comma in quotes behind an escape", []string{`for=6.6.6.6;x="\", for=6.6.6.7", for=203.0.113.7`}, "203.0.113.7:0" + inner},

		{"twice", []string{"for=203.0.113.7;for=6.6.6.6"}, unknown + inner},
		{"empty", []string{`for="";for=6.6.6.6`}, unknown + inner},
		{"host twice", []string{"for=203.0.113.7;host=shop.test;host=evil.test"}, unknown + inner},
		{"no equals sign", []string{"for"}, unknown + inner},
		{"no value", []string{"for=;proto=https"}, unknown + inner},
		{"no name", []string{"=203.0.113.7"}, unknown + inner},
		{"no name, behind one", []string{"for=203.0.113.7;=x"}, unknown + inner},
		{"no value of another", []string{"x=;for=203.0.113.7"}, unknown + inner},
		{"no semicolon", []string{`for="203.0.113.7"proto=https`}, unknown + inner},
		{"spaces around the equals sign", []string{"for = 203.0.113.7"}, unknown + inner},
		{"IPv6 without quotes", []string{"for=[2001:db8::7]"}, unknown + inner},
		{"port without quotes", []string{"for=203.0.113.7:80"}, unknown + inner},
		{"something behind the quotes", []string{`for="203.0.113.7"x`}, unknown + inner},
		{"quote left open", []string{`for="203.0.113.7`}, unknown + inner},
		{"ends with an escape", []string{`for="203.0.113.7\`}, unknown + inner},
		{"a quote that hides what the proxy has added", []string{`for=6.6.6.6;x=", for=203.0.113.7;host=shop.test`}, unknown + inner},
		{"an escape that does", []string{`for=6.6.6.6;x="\, for="203.0.113.7";host=shop.test`}, unknown + inner},
		{"a quote in another line hides nothing", []string{`for=6.6.6.6;x="`, "for=203.0.113.7;proto=https;host=shop.test"}, all},
		{"malformed in front of a proxy", []string{"for=6.6.6.6, for=1.2.3, for=10.0.0.2;proto=https;host=shop.test"}, unknown + inner},
	} {
		t.Run(test.name, func(t *testing.T) {
			var fields []string
			for _, line := range test.lines {
				fields = append(fields, "Forwarded: "+line)
			}
			if got := ask(h, peer, fields...); got != test.want {
				t.Errorf("%q: got %s, want %s", test.lines, got, test.want)
			}
		})
	}
}

func TestSchemeAndHost(t *testing.T) {
	h := handler(forwarded.Config{Proxies: proxies, Scheme: "X-Forwarded-Proto", Host: "X-Forwarded-Host"})
	for _, test := range []struct{ scheme, host, want string }{
		{"https", "shop.test", "https://shop.test"},
		{"HTTPS", "Shop.test:8443", "https://Shop.test:8443"},
		{"http", "[2001:db8::1]", "http://[2001:db8::1]"},
		{"wss", "[2001:db8::1]:8443", "https://[2001:db8::1]:8443"},
		{"ws", "_x.shop-1.test", "http://_x.shop-1.test"},
		{"http, https", "evil.test, shop.test", "https://shop.test"},
		{"https,", "shop.test, ", "https://shop.test"},
		{"", "", "http://inner.test"},
		{"ftp", "shop.test:", "http://inner.test"},
		{"javascript", "shop.test:65536", "http://inner.test"},
		{"https http", "shop.test evil.test", "http://inner.test"},
		{"on", "shop.test/evil", "http://inner.test"},
		{"http", "evil@shop.test", "http://inner.test"},
		{"http", "shop.test#", "http://inner.test"},
		{"http", `"shop.test"`, "http://inner.test"},
		{"http", "<script>", "http://inner.test"},
		{"http", "shop%2etest", "http://inner.test"},
		{"http", "[shop.test]", "http://inner.test"},
		{"http", "[2001:db8::1", "http://inner.test"},
		{"http", "[2001:db8::1:80", "http://inner.test"},
		{"http", "[192.0.2.1]", "http://inner.test"},
		{"http", "[fe80::1%eth0]", "http://inner.test"},
		{"http", "[2001:db8::1]x", "http://inner.test"},
		{"http", ":80", "http://inner.test"},
		{"http", "2001:db8::1", "http://inner.test"},
	} {
		got := ask(h, peer, "X-Forwarded-Proto: "+test.scheme, "X-Forwarded-Host: "+test.host, "X-Forwarded-For: 6.6.6.6")
		if want := peer + " " + test.want; got != want {
			t.Errorf("scheme %q, host %q: got %s, want %s", test.scheme, test.host, got, want)
		}
	}
	if got, want := ask(h, "203.0.113.7:1", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.test"), "203.0.113.7:1"+inner; got != want {
		t.Errorf("around the proxy: got %s, want %s", got, want)
	}
}

// TestOnlyWhatIsNamed: a proxy passes on what it does not set.
func TestOnlyWhatIsNamed(t *testing.T) {
	everything := []string{
		"Forwarded: for=6.6.6.1;proto=https;host=evil.test", "X-Forwarded-For: 6.6.6.2", "X-Real-IP: 6.6.6.3",
		"X-Forwarded-Proto: https", "X-Forwarded-Host: evil.test", "X-Forwarded-Port: 6666", "X-Forwarded: 6.6.6.4",
		"X-Cluster-Client-IP: 6.6.6.5", "True-Client-IP: 6.6.6.7", "CF-Connecting-IP: 6.6.6.8",
	}
	for _, test := range []struct {
		config forwarded.Config
		want   string
	}{
		{forwarded.Config{Client: "Forwarded"}, "6.6.6.1:0" + inner},
		{forwarded.Config{Client: "X-Forwarded-For"}, "6.6.6.2:0" + inner},
		{forwarded.Config{Client: "x-real-ip"}, "6.6.6.3:0" + inner},
		{forwarded.Config{Client: "CF-Connecting-IP", Scheme: "x-forwarded-proto"}, "6.6.6.8:0 https://inner.test"},
		{forwarded.Config{Scheme: "X-Forwarded-Proto"}, peer + " https://inner.test"},
		{forwarded.Config{Host: "X-Forwarded-Host"}, peer + " http://evil.test"},
		{forwarded.Config{Scheme: "Forwarded"}, peer + " https://inner.test"},
		{forwarded.Config{Client: "X-Forwarded-For", Host: "Forwarded"}, "6.6.6.2:0 http://evil.test"},
		{forwarded.Config{Client: "X-Missing", Scheme: "X-Missing", Host: "X-Missing"}, unknown + inner},
	} {
		test.config.Proxies = proxies
		if got := ask(handler(test.config), peer, everything...); got != test.want {
			t.Errorf("%+v: got %s, want %s", test.config, got, test.want)
		}
	}
}

func TestHops(t *testing.T) {
	for _, test := range []struct {
		hops int
		list string
		want string
	}{
		{1, "6.6.6.6, 203.0.113.7", "203.0.113.7:0"},
		{2, "6.6.6.6, 203.0.113.7, 198.51.100.1", "203.0.113.7:0"},
		{3, "6.6.6.6, 203.0.113.7, unknown, _gateway", "203.0.113.7:0"},
		{3, "6.6.6.6, 203.0.113.7, 1.2.3, 198.51.100.1", unknown},
		{2, "203.0.113.7, _", unknown},
		{2, "203.0.113.7", "203.0.113.7:0"},
		{2, "unknown", unknown},
		{1, "", unknown},
	} {
		h := handler(forwarded.Config{Hops: test.hops, Client: "X-Forwarded-For"})
		if got := ask(h, "192.0.2.9:1", "X-Forwarded-For: "+test.list); got != test.want+inner {
			t.Errorf("%d hops, %q: got %s, want %s", test.hops, test.list, got, test.want)
		}
	}
}

// TestUnix: who connects over a unix socket has no address.
func TestUnix(t *testing.T) {
	const list = "X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.0.0.2"
	for _, test := range []struct {
		config forwarded.Config
		want   string
	}{
		{forwarded.Config{Unix: true}, "10.0.0.2:0"},
		{forwarded.Config{Unix: true, Proxies: proxies}, "203.0.113.7:0"},
		{forwarded.Config{Proxies: proxies}, unknown},
		{forwarded.Config{Hops: 2}, "203.0.113.7:0"},
	} {
		test.config.Client = "X-Forwarded-For"
		if got := ask(handler(test.config), "@", list); got != test.want+inner {
			t.Errorf("%+v: got %s, want %s", test.config, got, test.want)
		}
	}
	h := handler(forwarded.Config{Unix: true, Client: "X-Forwarded-For"})
	if got, want := ask(h, "203.0.113.7:1", list), "203.0.113.7:1"+inner; got != want {
		t.Errorf("over TCP: got %s, want %s", got, want)
	}
	if got, want := ask(h, "@", "X-Forwarded-For: 127.0.0.1, unknown"), unknown+inner; got != want {
		t.Errorf("an unknown address is not a unix socket: got %s, want %s", got, want)
	}
}

// TestLongList: of a long list only the end is looked at, which is also what is found in it.
func TestLongList(t *testing.T) {
	h := handler(forwarded.Config{Proxies: proxies, Client: "X-Forwarded-For"})
	if got, want := ask(h, peer, "X-Forwarded-For: "+strings.Repeat("6.6.6.6,", 8000)+"203.0.113.7"), "203.0.113.7:0"+inner; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := ask(h, peer, "X-Forwarded-For: 203.0.113.7, 10.0.0.3"+strings.Repeat(", 10.0.0.2", 15)), "10.0.0.3:0"+inner; got != want {
		t.Errorf("more proxies than there can be: got %s, want %s", got, want)
	}
}

func TestNewPanics(t *testing.T) {
	prefixes := func(p ...string) (list []netip.Prefix) {
		for _, p := range p {
			list = append(list, netip.MustParsePrefix(p))
		}
		return list
	}
	for _, test := range []struct {
		config forwarded.Config
		want   string
	}{
		{forwarded.Config{}, "names no proxies"},
		{forwarded.Config{Client: "X-Forwarded-For"}, "names no proxies"},
		{forwarded.Config{Proxies: proxies}, "names no field"},
		{forwarded.Config{Proxies: []netip.Prefix{{}}, Client: "Forwarded"}, "no prefix"},
		{forwarded.Config{Proxies: prefixes("10.0.0.0/8", "0.0.0.0/0"), Client: "Forwarded"}, "has 0.0.0.0/0"},
		{forwarded.Config{Proxies: prefixes("::/0"), Client: "Forwarded"}, "has ::/0"},
		{forwarded.Config{Proxies: prefixes("::ffff:0:0/96"), Client: "Forwarded"}, "has 0.0.0.0/0"},
		{forwarded.Config{Proxies: proxies, Hops: 1, Client: "Forwarded"}, "not beside them"},
		{forwarded.Config{Unix: true, Hops: 1, Client: "Forwarded"}, "not beside them"},
		{forwarded.Config{Hops: -1, Client: "Forwarded"}, "between 1 and 16"},
		{forwarded.Config{Hops: 17, Client: "Forwarded"}, "between 1 and 16"},
		{forwarded.Config{Proxies: proxies, Client: "X-Forwarded-For:"}, "X-Forwarded-For: is no name"},
		{forwarded.Config{Proxies: proxies, Scheme: "X Proto"}, "X Proto is no name"},
		{forwarded.Config{Proxies: proxies, Host: "X-Forwarded-Host, Host"}, "is no name"},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, test.want) {
					t.Errorf("%+v: got %q, want it to contain %q", test.config, got, test.want)
				}
			}()
			forwarded.New(test.config)
		}()
	}
}
