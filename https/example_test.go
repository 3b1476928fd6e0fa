package https_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// quiet is a Config for Apps that have nothing to say.
var quiet = microroute.Config{Logger: slog.New(slog.DiscardHandler)}

func ExampleRun() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "<h1>Hello World!</h1>" })
	log.Fatal(https.Run(app, ":443", https.Config{CertFile: "cert.pem", KeyFile: "key.pem"}))
}

func ExampleListen() {
	secure, err := https.Listen("127.0.0.1:0", https.Config{SelfSigned: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	app := microroute.New(quiet)
	app.Get("/", func(c *microroute.Context) string {
		return fmt.Sprint(c.Request.Proto, " over ", tls.VersionName(https.State(c).Version))
	})
	server, err := app.StartOn(secure)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	trust := x509.NewCertPool()
	trust.AddCert(secure.Certificate(""))
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust}, ForceAttemptHTTP2: true}}
	response, err := client.Get("https://" + server.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	content, _ := io.ReadAll(response.Body)
	fmt.Println(string(content))
	// Output: HTTP/2.0 over TLS 1.3
}

func ExampleRedirect() {
	app := microroute.New(quiet)
	app.Before(https.Redirect(443))
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	request, _ := http.NewRequest("GET", "http://"+server.Addr().String()+"/teas?kind=green", nil)
	request.Host = "tea.example"
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.StatusCode, response.Header.Get("Location"))
	// Output: 301 https://tea.example/teas?kind=green
}

func ExampleServes() {
	certificate, _ := https.SelfSigned("tea.example", "coffee.example")
	state := &tls.ConnectionState{ServerName: "tea.example"}
	fmt.Println(https.Serves(state, "tea.example:443"))
	fmt.Println(https.Serves(state, "coffee.example", certificate.Leaf))
	fmt.Println(https.Serves(state, "water.example", certificate.Leaf))
	// Output:
	// true
	// true
	// false
}

func ExampleClientCertificate() {
	app := microroute.New()
	app.Get("/whoami", func(c *microroute.Context) (string, error) {
		client := https.ClientCertificate(c)
		if client == nil {
			return "", &microroute.Error{Status: http.StatusForbidden}
		}
		return client.Subject.CommonName, nil
	})
	log.Fatal(https.Run(app, ":443", https.Config{
		CertFile:      "cert.pem",
		KeyFile:       "key.pem",
		ClientCAFiles: []string{"staff.pem"},
	}))
}
