package proxyprotocol_test

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/proxyprotocol"
)

func ExampleNewListener() {
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/", func(c *microroute.Context) string {
		return "Hello " + c.Request.RemoteAddr.String()
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server, err := app.StartOn(proxyprotocol.NewListener(l, proxyprotocol.Config{
		From: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	}))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	fmt.Println(ask(server.Addr(), "PROXY TCP4 203.0.113.7 192.0.2.1 50000 80\r\n"))
	// Output: Hello 203.0.113.7:50000
}

// Behind a proxy that ends TLS and tells so, the scheme is the one that the client has used.
func ExampleHeaderOf() {
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Before(func(c *microroute.Context) error {
		if h := proxyprotocol.HeaderOf(c.Request); h != nil && h.TLS() != nil {
			c.Request.SetOrigin("https", h.Authority())
		}
		return nil
	})
	app.Get("/", func(c *microroute.Context) string {
		return c.Request.Scheme() + "://" + c.Request.Host()
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server, err := app.StartOn(proxyprotocol.NewListener(l, proxyprotocol.Config{
		From: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	}))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	fmt.Println(ask(server.Addr(), "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x20"+ // version 2, PROXY, TCP4, 32 octets:
		"\xcb\x00\x71\x07\xc0\x00\x02\x01\xc3\x50\x01\xbb"+ // 203.0.113.7, 192.0.2.1, ports 50000 and 443
		"\x02\x00\x09shop.test"+ // authority
		"\x20\x00\x05\x01\x00\x00\x00\x00")) // TLS
	// Output: https://shop.test
}

// ask sends a header and a request, as a proxy does for a client, and returns the content of the response.
func ask(address net.Addr, header string) string {
	proxy, err := net.Dial("tcp", address.String())
	if err != nil {
		log.Fatal(err)
	}
	defer proxy.Close()
	io.WriteString(proxy, header+"GET / HTTP/1.0\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(proxy), nil)
	if err != nil {
		log.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	return string(body)
}

func ExampleReadHeader() {
	r := strings.NewReader("PROXY TCP6 2001:db8::1 2001:db8::2 50000 443\r\nGET / HTTP/1.1\r\n")
	h, err := proxyprotocol.ReadHeader(r)
	if err != nil {
		log.Fatal(err)
	}
	rest, err := io.ReadAll(r)
	fmt.Println(h.Source, "to", h.Destination)
	fmt.Printf("%q %v\n", rest, err)
	// Output:
	// [2001:db8::1]:50000 to [2001:db8::2]:443
	// "GET / HTTP/1.1\r\n" <nil>
}
