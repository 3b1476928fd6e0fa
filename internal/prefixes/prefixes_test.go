package prefixes_test

import (
	"net/netip"
	"testing"

	"github.com/microroute/microroute/internal/prefixes"
)

func TestContains(t *testing.T) {
	tests := []struct {
		prefix, addr string
		want         bool
	}{
		{"10.0.0.0/8", "10.1.2.3", true},
		{"10.0.0.0/8", "11.1.2.3", false},
		{"10.9.9.9/8", "10.1.2.3", true},
		{"10.0.0.0/8", "::ffff:10.1.2.3", true},
		{"::ffff:10.0.0.0/104", "10.1.2.3", true},
		{"::ffff:10.0.0.0/104", "::ffff:10.1.2.3", true},
		{"::ffff:10.0.0.0/104", "11.1.2.3", false},
		{"::ffff:0:0/95", "10.1.2.3", false},
		{"127.0.0.1/32", "127.0.0.2", false},
		{"::/0", "10.1.2.3", false},
		{"::/0", "2001:db8::1", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"fe80::/10", "fe80::1%eth0", true},
		{"2001:db8::/32", "2001:db9::1", false},
	}
	for _, test := range tests {
		s, err := prefixes.New([]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix(test.prefix)})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Contains(netip.MustParseAddr(test.addr)); got != test.want {
			t.Errorf("%s contains %s: got %t, want %t", test.prefix, test.addr, got, test.want)
		}
	}
}

func TestContainsNoAddress(t *testing.T) {
	s, err := prefixes.New([]netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")})
	if err != nil {
		t.Fatal(err)
	}
	if s.Contains(netip.Addr{}) {
		t.Error("all addresses contain the zero Addr")
	}
	if prefixes.Set(nil).Contains(netip.MustParseAddr("10.1.2.3")) {
		t.Error("the empty Set contains 10.1.2.3")
	}
}

func TestNewRefuses(t *testing.T) {
	for _, p := range []netip.Prefix{{}, netip.PrefixFrom(netip.MustParseAddr("10.0.0.0"), 33)} {
		if s, err := prefixes.New([]netip.Prefix{p}); err == nil {
			t.Errorf("%v: got %v, want an error", p, s)
		}
	}
}
