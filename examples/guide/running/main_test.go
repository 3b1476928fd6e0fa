package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

func TestAppsShareOnlyWhatTheyAreGiven(t *testing.T) {
	var visits atomic.Int64
	shop := microroutetest.New(t, newShop(&visits, false))
	office := microroutetest.New(t, newOffice(&visits))
	shop.Get("/")
	shop.Get("/")
	if got := office.Get("/visits").Body; got != "2" {
		t.Errorf("got %s visits, want 2", got)
	}
	if got := shop.Get("/visits").Status; got != 404 {
		t.Errorf("the shop shows visits to the public with status %d, want 404", got)
	}
}

func TestNotes(t *testing.T) {
	office := microroutetest.New(t, newOffice(new(atomic.Int64)))
	office.Post("/notes", "text/plain", "buy milk")
	office.Post("/notes", "text/plain", "and sugar")
	if got, want := office.Get("/notes").Body, `["buy milk","and sugar"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLimit(t *testing.T) {
	shop := microroutetest.New(t, newShop(new(atomic.Int64), true))
	if got := shop.Get("/" + strings.Repeat("x", 16<<10)).Status; got != 414 {
		t.Errorf("a target of more than 16 KiB got %d, want 414", got)
	}
}

func TestRunEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, false, "127.0.0.1:0", "127.0.0.1:0"); err != nil {
		t.Errorf("got %v, want an orderly end", err)
	}
}

func TestHosts(t *testing.T) {
	shop := microroutetest.New(t, newShop(new(atomic.Int64), false))
	if got := shop.Do("GET", "/teas", "", "").Status; got != 404 {
		t.Errorf("the API on the host of the shop: got %d, want 404", got)
	}
	server, err := newShop(new(atomic.Int64), false).Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if got, want := ask(t, server.Addr().String(), "api.tea.example", "/teas"), `["Assam","Darjeeling"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// ask returns the body of an answer for a host.
func ask(t *testing.T, addr, host, path string) string {
	t.Helper()
	request, err := http.NewRequest("GET", "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// Readings and requests take turns: the race detector would tell.
func TestScales(t *testing.T) {
	grams := 0
	server, err := newScales(&grams).Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	var asked sync.WaitGroup
	asked.Go(func() {
		defer end()
		if got := ask(t, server.Addr().String(), "", "/"); got == "0" {
			t.Error("served before the first reading")
		}
	})
	if err := attend(ctx, server, func() { grams++ }); err != nil {
		t.Error(err)
	}
	asked.Wait()
}
