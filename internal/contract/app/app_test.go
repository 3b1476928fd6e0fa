package main

import (
	"context"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/contract"
	"github.com/microroute/microroute/internal/contract/routecases"
	"github.com/microroute/microroute/internal/contract/site"
)

const (
	files     = "../testdata/contract/site"
	wireCases = "../testdata/contract/cases.json"
)

// place is where a case wants to be played.
type place struct{ mode, root string }

// load returns the wire cases, recorded and written, by place.
func load(t *testing.T) map[place][]contract.Case {
	cases, err := contract.Load(wireCases)
	if err != nil {
		t.Fatal(err)
	}
	places := make(map[place][]contract.Case)
	for _, c := range slices.Concat(cases, routecases.All()) {
		at := place{c.Mode, c.Root}
		places[at] = append(places[at], c)
	}
	return places
}

// quiet is a Config whose App does not log the crashes and failures that the cases provoke.
func quiet(root string, engine microroute.Engine) microroute.Config {
	return microroute.Config{Root: root, Engine: engine, Logger: slog.New(slog.DiscardHandler)}
}

// start runs the app of a mode until the test ends and returns its address.
func start(t *testing.T, mode, root string, engine microroute.Engine) string {
	app, err := site.New(mode, quiet(root, engine))
	if err != nil {
		t.Fatal(err)
	}
	return startApp(t, app)
}

func startApp(t *testing.T, app *microroute.App) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return startOn(t, app, l)
}

// startOn serves app until the test ends and returns the address.
func startOn(t *testing.T, app *microroute.App, l net.Listener) string {
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	})
	return server.Addr().String()
}

// eachEngine runs a test once for each engine.
func eachEngine(t *testing.T, test func(t *testing.T, engine microroute.Engine)) {
	for _, name := range slices.Sorted(maps.Keys(engines)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, engines[name])
		})
	}
}

func TestWireCases(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		for at, cases := range load(t) {
			addr := start(t, at.mode, filepath.Join(files, at.root), engine)
			for _, failure := range (contract.Replay{Addr: addr}).Run(cases).Failures {
				t.Errorf("mode %s: %s", at.mode, failure)
			}
		}
	})
}

// On one connection a response must also leave nothing behind for the next, and the connection must live on.
func TestWireCasesKeepAlive(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		for at, cases := range load(t) {
			addr := start(t, at.mode, filepath.Join(files, at.root), engine)
			report := contract.Replay{Addr: addr, KeepAlive: true}.Run(cases)
			for _, failure := range report.Failures {
				t.Errorf("mode %s: %s", at.mode, failure)
			}
			if most := 1 + report.Requests/4; report.Connections > most {
				t.Errorf("mode %s: %d requests took %d connections, want at most %d", at.mode, report.Requests, report.Connections, most)
			}
		}
	})
}

// Two apps in one program share nothing.
func TestSecondApp(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		for want, addr := range map[int]string{
			404: start(t, "twoapps", filepath.Join(files, "www"), engine),
			200: startApp(t, site.NewSecond(quiet("", engine))),
		} {
			response, err := http.Get("http://" + addr + "/only-on-app2")
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("got %s, want %d", response.Status, want)
			}
		}
	})
}

func TestUnknownModeIsRefused(t *testing.T) {
	if _, err := site.New("none", quiet(files, microroute.EngineAuto)); err == nil || !strings.Contains(err.Error(), `"none"`) {
		t.Errorf(`mode "none": got error %v, want one that names it`, err)
	}
}
