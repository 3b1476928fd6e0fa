// App is the program that the wire cases of package contract and the HTTP cases of package httpcases are played against.
// It uses nothing but the public API, so it also shows that the API can say all that the contract asks for.
//
//	app -addr 127.0.0.1:8080 -root site/www -mode plain
//
// Modes: plain, root (a route for / too), custom (texts and types of its own), twoapps (a second app on the port 4000
// higher) and http (the server of the HTTP cases, which brings its own root).
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"strconv"

	"github.com/microroute/microroute"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`host:port` to listen on")
	root := flag.String("root", "", "`directory` of the static files")
	mode := flag.String("mode", "plain", "plain, root, custom, twoapps or http")
	engine := flag.String("engine", "event", "event or portable")
	flag.Parse()
	if err := run(*addr, *mode, *root, *engine); err != nil {
		log.Fatal(err)
	}
}

func run(addr, mode, root, engineName string) error {
	engine, found := engines[engineName]
	if !found {
		return fmt.Errorf("no engine %q", engineName)
	}
	if mode == "http" {
		site, err := os.MkdirTemp("", "microroute-contract-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(site)
		if err := writeHTTPSite(site); err != nil {
			return err
		}
		root = site
	}
	app, err := newApp(mode, microroute.Config{Root: root, Engine: engine})
	if err != nil {
		return err
	}
	if mode == "twoapps" {
		second, err := startSecond(addr, engine)
		if err != nil {
			return err
		}
		defer second.Shutdown(context.Background())
	}
	return app.Run(addr)
}

// engines are the names that the flag takes.
var engines = map[string]microroute.Engine{
	"event":    microroute.EngineAuto,
	"portable": microroute.EnginePortable,
}

// startSecond starts the second app of mode twoapps, on the port 4000 higher.
func startSecond(addr string, engine microroute.Engine) (*microroute.Server, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	return newSecondApp(microroute.Config{Engine: engine}).Start(net.JoinHostPort(host, strconv.Itoa(number+4000)))
}
