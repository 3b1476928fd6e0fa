package http3_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/contract"
	"github.com/microroute/microroute/internal/contract/routecases"
	"github.com/microroute/microroute/internal/contract/site"
)

// ofClient are cases of handlers that use the client's connection, which HTTP/3 does not have.
var ofClient = []string{"client-same", "form-client-recv"}

// The wire cases of HTTP/1, as far as they can be said in messages, have the same outcome over HTTP/3.
func TestWireCases(t *testing.T) {
	const folder = "../../internal/contract/testdata/contract"
	cases, err := contract.Load(folder + "/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	type place struct{ mode, root string }
	places := map[place][]contract.Case{}
	for _, c := range slices.Concat(cases, routecases.All()) {
		if at := (place{c.Mode, c.Root}); !slices.Contains(ofClient, c.ID) {
			places[at] = append(places[at], c)
		}
	}
	for at, cases := range places {
		app, err := site.New(at.mode, microroute.Config{Root: filepath.Join(folder, "site", at.root), Logger: quiet})
		if err != nil {
			t.Fatal(err)
		}
		s := serve(t, app)
		report := contract.Messages{Transport: s.client.Transport, Origin: s.url, Proto: "HTTP/3.0", Lossy: true}.Run(cases)
		if report.Requests == 0 {
			t.Errorf("mode %s: no requests", at.mode)
		}
		for _, failure := range report.Failures {
			t.Errorf("mode %s: %s", at.mode, failure)
		}
	}
}
