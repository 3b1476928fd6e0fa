// App is the program that serves the App of package site, for the wire cases of package contract, the HTTP cases of package
// httpcases, and other tools.
//
//	app -addr 127.0.0.1:8080 -root testdata/contract/site/www -mode plain
//
// Modes: plain, root, custom, twoapps (with a second App on the port 4000 higher) and http, which brings its own root. With
// -h2c clients may also speak HTTP/2 because they know, with -tls because it is negotiated.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"strconv"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/internal/contract/site"
	"github.com/microroute/microroute/nethttp"
)

// settings are the flags.
type settings struct {
	addr, root, mode, engine string
	h2c, tls                 bool
}

func main() {
	var s settings
	flag.StringVar(&s.addr, "addr", "127.0.0.1:8080", "`host:port` to listen on")
	flag.StringVar(&s.root, "root", "", "`directory` of the static files")
	flag.StringVar(&s.mode, "mode", "plain", "plain, root, custom, twoapps or http")
	flag.StringVar(&s.engine, "engine", "event", "event or portable")
	flag.BoolVar(&s.h2c, "h2c", false, "serve HTTP/2, too, to clients that begin with it")
	flag.BoolVar(&s.tls, "tls", false, "serve TLS, with a certificate of its own making: HTTP/2 and HTTP/1")
	flag.Parse()
	if err := run(s); err != nil {
		log.Fatal(err)
	}
}

// engines are the names that the flag takes.
var engines = map[string]microroute.Engine{
	"event":    microroute.EngineAuto,
	"portable": microroute.EnginePortable,
}

func run(s settings) error {
	engine, found := engines[s.engine]
	if !found {
		return fmt.Errorf("no engine %q", s.engine)
	}
	if s.mode == "http" {
		root, err := os.MkdirTemp("", "microroute-contract-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(root)
		if err := site.WriteFiles(root); err != nil {
			return err
		}
		s.root = root
	}
	app, err := site.New(s.mode, microroute.Config{Root: s.root, Engine: engine})
	if err != nil {
		return err
	}
	if s.mode == "twoapps" {
		second, err := startSecond(s.addr, engine)
		if err != nil {
			return err
		}
		defer second.Shutdown(context.Background())
	}
	l, err := s.listen()
	if err != nil {
		return err
	}
	return app.RunOn(l)
}

// listen listens for clients of the protocols that the flags name.
func (s settings) listen() (net.Listener, error) {
	if s.h2c && s.tls {
		return nil, errors.New("-h2c is for clients without TLS")
	}
	if s.tls {
		return https.Listen(s.addr, https.Config{SelfSigned: true})
	}
	l, err := net.Listen("tcp", s.addr)
	if err == nil && s.h2c {
		l = nethttp.PriorKnowledge(l)
	}
	return l, err
}

// startSecond starts the second App of mode twoapps, on the port 4000 higher.
func startSecond(addr string, engine microroute.Engine) (*microroute.Server, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	return site.NewSecond(microroute.Config{Engine: engine}).Start(net.JoinHostPort(host, strconv.Itoa(number+4000)))
}
