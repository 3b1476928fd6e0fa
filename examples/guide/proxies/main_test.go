package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"

	"github.com/microroute/microroute/microroutetest"
	"github.com/microroute/microroute/proxyprotocol"
)

func TestFields(t *testing.T) {
	client := microroutetest.New(t, newShop()).At("http://tea.example")
	proxy := client.From("10.0.0.1:4711")
	proxy.With("X-Forwarded-For", "10.9.9.9, 203.0.113.7", "X-Forwarded-Proto", "https").Get("/").
		Want(200, "Welcome, 203.0.113.7. Tell your friends of https://tea.example/")
	client.From("203.0.113.7:4711").With("X-Forwarded-For", "10.9.9.9", "X-Forwarded-Proto", "https").Get("/").
		Want(200, "Welcome, 203.0.113.7. Tell your friends of http://tea.example/")
	proxy.With("X-Forwarded-Proto", "https").Get("/").
		Want(200, "Welcome, invalid IP. Tell your friends of https://tea.example/")
}

func TestStaff(t *testing.T) {
	client := microroutetest.New(t, newShop())
	proxy := client.From("10.0.0.1:4711")
	client.From("10.0.9.9:4711").Get("/staff").Want(200)
	proxy.With("X-Forwarded-For", "10.0.9.9").Get("/staff").Want(200)
	for _, list := range []string{"203.0.113.7", "10.0.9.9, 203.0.113.7", "10.0.9.9, unknown", ""} {
		proxy.With("X-Forwarded-For", list).Get("/staff").Want(403)
	}
	proxy.Get("/staff").Want(403)
}

func TestHeader(t *testing.T) {
	config := balancers()
	config.From = append(config.From, netip.MustParsePrefix("127.0.0.1/32"))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, err := newShop().StartOn(proxyprotocol.NewListener(l, config))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for _, test := range []struct{ header, want string }{
		{"PROXY TCP4 203.0.113.7 10.0.1.1 4711 80\r\n", "Welcome, 203.0.113.7. Tell your friends of http://tea.example/"},
		{"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x14\xcb\x00\x71\x07\x0a\x00\x01\x01\x12\x67\x00\x50" + // of version 2
			"\x20\x00\x05\x01\x00\x00\x00\x00", // about TLS
			"Welcome, 203.0.113.7. Tell your friends of https://tea.example/"},
	} {
		balancer, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer balancer.Close()
		io.WriteString(balancer, test.header+"GET / HTTP/1.1\r\nHost: tea.example\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(balancer), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(response.Body); string(got) != test.want {
			t.Errorf("%q: got %q, %v, want %q", test.header, got, err, test.want)
		}
	}
}
