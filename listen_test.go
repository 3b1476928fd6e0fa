package microroute_test

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

// Start listens where net.Listen would.
func TestStartListens(t *testing.T) {
	for _, test := range []struct{ network, address string }{
		{"", "127.0.0.1:0"}, {"", "localhost:0"}, {"", ":0"}, {"", "127.0.0.1:"}, {"", "0.0.0.0:0"}, {"", "[::1]:0"}, {"", "[::]:0"},
		{"tcp4", ":0"}, {"tcp4", "localhost:0"}, {"tcp6", "localhost:0"}, {"tcp6", ":0"},
	} {
		t.Run(test.network+" "+test.address, func(t *testing.T) {
			network := test.network
			if network == "" {
				network = "tcp"
			}
			like, err := net.Listen(network, test.address)
			if err != nil {
				t.Skip(err)
			}
			defer like.Close()
			server, err := microroute.New(microroute.Config{Network: test.network}).Start(test.address)
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			if got, want := ipOf(t, server.Addr()), ipOf(t, like.Addr()); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func ipOf(t *testing.T, a net.Addr) netip.Addr {
	t.Helper()
	address, err := netip.ParseAddrPort(a.String())
	if err != nil {
		t.Fatal(err)
	}
	return address.Addr()
}

func TestAddressesThatCannotBe(t *testing.T) {
	for _, test := range []struct{ network, address, want string }{
		{"", "tea.test:0", "listen tcp: address tea.test: not an IP address: use one, or StartOn"},
		{"", "127.0.0.1", "listen tcp: address 127.0.0.1: missing port"},
		{"", "::1", "too many colons"},
		{"", "127.0.0.1:tea", "listen tcp: address tea: invalid port"},
		{"", "127.0.0.1:65536", "listen tcp: address 65536: invalid port"},
		{"", "127.0.0.1:-1", "listen tcp: address -1: invalid port"},
		{"tcp4", "[::1]:0", "listen tcp4"},
		{"udp", "127.0.0.1:0", "unknown network udp"},
		{"unix", t.TempDir() + "/none/socket", "listen unix"},
	} {
		server, err := microroute.New(microroute.Config{Network: test.network}).Start(test.address)
		if err == nil {
			server.Close()
			t.Errorf("%s %s: got no error, want %q", test.network, test.address, test.want)
			continue
		}
		if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s: got error %q, want it to say %q", test.network, test.address, err, test.want)
		}
	}
}

// Ports that a program may not listen on by itself are known all the same.
func TestNamesOfPorts(t *testing.T) {
	for name, number := range map[string]string{"http": "80", "https": "443"} {
		_, err := microroute.New().Start("192.0.2.1:" + name) // an address that no machine has (RFC 5737)
		if err == nil || !strings.Contains(err.Error(), "192.0.2.1:"+number) {
			t.Errorf("port %s: got error %v, want one about port %s", name, err, number)
		}
	}
}
