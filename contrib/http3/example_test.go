package http3_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
	"github.com/microroute/microroute/https"
	quichttp3 "github.com/quic-go/quic-go/http3"
)

func ExampleRun() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "<h1>Hello World!</h1>" })
	log.Fatal(http3.Run(app, ":443", https.Config{CertFile: "cert.pem", KeyFile: "key.pem"}))
}

func ExampleListen() {
	certificate, err := https.SelfSigned()
	if err != nil {
		fmt.Println(err)
		return
	}
	l, err := http3.Listen("127.0.0.1:0", http3.Config{TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	app := microroute.New(microroute.Config{Logger: quiet})
	app.Get("/", func(c *microroute.Context) string {
		return fmt.Sprint(c.Request.Proto, " over ", tls.VersionName(https.State(c).Version))
	})
	server, err := app.StartOn(l)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	trust := x509.NewCertPool()
	trust.AddCert(certificate.Leaf)
	transport := &quichttp3.Transport{TLSClientConfig: &tls.Config{RootCAs: trust}}
	defer transport.Close()
	client := http.Client{Transport: transport}
	response, err := client.Get("https://" + server.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	content, _ := io.ReadAll(response.Body)
	fmt.Println(string(content))
	// Output: HTTP/3.0 over TLS 1.3
}

func ExampleAdvertise() {
	app := microroute.New()
	app.Before(http3.Advertise(443, 24*time.Hour))
	app.Get("/", func(c *microroute.Context) string { return "<h1>Hello World!</h1>" })
	secure, err := https.Listen(":443", https.Config{CertFile: "cert.pem", KeyFile: "key.pem"})
	if err != nil {
		log.Fatal(err)
	}
	fast, err := http3.Listen(":443", http3.Config{TLS: secure.TLSConfig()})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(app.RunOn(secure, fast))
}
