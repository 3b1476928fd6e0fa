package main

import (
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/contract/httpcases"
	"github.com/microroute/microroute/internal/contract/site"
	"github.com/microroute/microroute/nethttp"
)

// httpFiles are the files with the HTTP cases: one that other servers have been measured with, and our own, a file for
// each subject.
var httpFiles = []string{"../testdata/http/*.json", "../testdata/rfc/*.json"}

// loadHTTP returns the HTTP cases of the groups, of all groups if none is named.
func loadHTTP(t *testing.T, groups ...string) (cases []httpcases.Case) {
	known := make(map[string]bool)
	for _, pattern := range httpFiles {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: found %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			some, err := httpcases.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range some {
				if known[c.ID] {
					t.Errorf("%s: there is another case of the name %s", file, c.ID)
				}
				known[c.ID] = true
				if len(groups) == 0 || slices.Contains(groups, c.Group) {
					cases = append(cases, c)
				}
			}
		}
	}
	return cases
}

// newHTTPApp builds the app of the HTTP cases with a site of its own.
func newHTTPApp(t *testing.T, engine microroute.Engine) *microroute.App {
	root := t.TempDir()
	if err := site.WriteFiles(root); err != nil {
		t.Fatal(err)
	}
	app, err := site.New("http", quiet(root, engine))
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// All cases pass, those of level HARDEN too, where the RFC would allow more leniency.
func TestHTTPCases(t *testing.T) {
	cases := loadHTTP(t)
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		for _, result := range httpcases.Run(startApp(t, newHTTPApp(t, engine)), cases) {
			if result.Verdict != httpcases.Pass {
				t.Error(result)
			}
		}
	})
}

// However a request is cut on its way, it means the same: the cases pass octet by octet, too.
func TestHTTPCasesInPieces(t *testing.T) {
	cases := slices.DeleteFunc(loadHTTP(t), func(c httpcases.Case) bool { return notInPieces[c.ID] != "" })
	for i := range cases {
		cases[i].Piece = 1
		if len(cases[i].Raw) > 2000 {
			cases[i].Piece = 997
		}
	}
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		for _, result := range httpcases.Run(startApp(t, newHTTPApp(t, engine)), cases) {
			if result.Verdict != httpcases.Pass {
				t.Error(result)
			}
		}
	})
}

// notInPieces are the cases that need their octets together, and why.
var notInPieces = map[string]string{
	"request-line/crlf-only":        emptyLines,
	"request-line/five-empty-lines": emptyLines,
}

const emptyLines = "a connection on which nothing but empty lines has come is idle, and does not remember how many there were"

// What does not depend on the parser holds over net/http, too.
func TestHTTPCasesOverNetHTTP(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(nethttp.Handler(newHTTPApp(t, microroute.EngineAuto)))
	defer server.Close()
	cases := loadHTTP(t, "range", "conditional", "response", "path")
	for _, result := range httpcases.Run(server.Listener.Addr().String(), cases) {
		failed := result.Verdict != httpcases.Pass
		if reason := httpNotOverNetHTTP[result.Case.ID]; failed && reason == "" {
			t.Error(result)
		} else if !failed && reason != "" {
			t.Errorf("%s passes, but is listed: %s", result.Case.ID, reason)
		}
	}
}

// httpNotOverNetHTTP are the HTTP cases that package nethttp cannot pass, and why.
var httpNotOverNetHTTP = map[string]string{
	"path/nul-behind":         nulInPath,
	"path/nul-and-suffix":     nulInPath,
	"path/nul-in-directory":   nulInPath,
	"path/nul-in-the-middle":  nulInPath,
	"response/date-in-400":    "net/http writes its own answer to what it cannot parse, without Date and Content-Length",
	"response/version-to-1.0": "net/http answers HTTP/1.0 requests with HTTP/1.0",
}

const nulInPath = "net/http lets a NUL in the path pass, so that it is 404 and not 400"
