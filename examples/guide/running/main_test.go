package main

import (
	"context"
	"strings"
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
