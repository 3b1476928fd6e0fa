package listener_test

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"github.com/microroute/microroute/listener"
)

// TCP listens where net.Listen would.
func TestTCPNetworks(t *testing.T) {
	for _, test := range []struct{ network, address, want string }{
		{"", "127.0.0.1:0", "127.0.0.1"},
		{"", "localhost:0", "127.0.0.1"},
		{"", ":0", "::"},
		{"", "[::]:0", "::"},
		{"", "0.0.0.0:0", "::"},
		{"tcp", ":0", "::"},
		{"tcp4", ":0", "0.0.0.0"},
		{"tcp6", ":0", "::"},
		{"tcp6", "[::1]:0", "::1"},
	} {
		t.Run(test.network+" "+test.address, func(t *testing.T) {
			if like, err := net.Listen("tcp6", "[::1]:0"); err != nil && strings.Contains(test.want, ":") {
				t.Skip(err) // no IPv6
			} else if err == nil {
				like.Close()
			}
			l := listenTCP(t, test.address, listener.TCPConfig{Network: test.network})
			if got := l.Addr().(*net.TCPAddr).AddrPort().Addr(); got != netip.MustParseAddr(test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// Of the two address families, a socket answers those that its network and its address stand for.
func TestTCPFamilies(t *testing.T) {
	const ipv4, ipv6 = "127.0.0.1", "::1"
	if like, err := net.Listen("tcp6", "[::1]:0"); err != nil {
		t.Skip(err) // no IPv6
	} else {
		like.Close()
	}
	for _, test := range []struct {
		network    string
		ipv4, ipv6 bool
	}{
		{"tcp", true, true}, {"tcp4", true, false}, {"tcp6", false, true},
	} {
		l := listenTCP(t, ":0", listener.TCPConfig{Network: test.network})
		_, port, _ := net.SplitHostPort(l.Addr().String())
		for host, want := range map[string]bool{ipv4: test.ipv4, ipv6: test.ipv6} {
			conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
			if err == nil {
				conn.Close()
			}
			if got := err == nil; got != want {
				t.Errorf("%s: %s can connect: got %v (%v), want %v", test.network, host, got, err, want)
			}
		}
	}
}

func TestTCPFails(t *testing.T) {
	taken := listenTCP(t, "127.0.0.1:0", listener.TCPConfig{}).Addr().String()
	shared := listenTCP(t, "127.0.0.1:0", listener.TCPConfig{ReusePort: true}).Addr().String()
	for _, test := range []struct {
		name, address string
		config        listener.TCPConfig
		want          error
	}{
		{"port taken", taken, listener.TCPConfig{}, syscall.EADDRINUSE},
		{"port not shared", taken, listener.TCPConfig{ReusePort: true}, syscall.EADDRINUSE},
		{"port not asked to share", shared, listener.TCPConfig{}, syscall.EADDRINUSE},
		{"other network", "127.0.0.1:0", listener.TCPConfig{Network: "udp"}, net.UnknownNetworkError("udp")},
		{"unix", "/tmp/x", listener.TCPConfig{Network: "unix"}, net.UnknownNetworkError("unix")},
		{"address of the other family", "[::1]:0", listener.TCPConfig{Network: "tcp4"}, nil},
		{"no port", "127.0.0.1", listener.TCPConfig{}, nil},
	} {
		l, err := listener.TCP(test.address, test.config)
		if err == nil {
			l.Close()
		}
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: got error %v, want %v", test.name, err, test.want)
		}
	}
}

func listenTCP(t *testing.T, address string, config listener.TCPConfig) *net.TCPListener {
	t.Helper()
	l, err := listener.TCP(address, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}
