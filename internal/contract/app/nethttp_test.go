package main

import (
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/contract"
	"github.com/microroute/microroute/nethttp"
)

// notOverNetHTTP are the cases that package nethttp cannot pass, and why.
var notOverNetHTTP = map[string]string{
	"sh-explane-content":     ownReason,
	"abort-explane":          ownReason,
	"abort-explane-only":     ownReason,
	"custom-status-text-200": ownReason,
	"client-same":            hijacked,
	"form-client-recv":       hijacked,
	"send-close":             "net/http closes a connection behind a complete response only if the header has announced it",
	"http-long-url":          "the length of a target is limited by Server.MaxHeaderBytes, to 1 MiB",
}

const (
	ownReason = "net/http writes its own reason phrases"
	hijacked  = "net/http sends no response once the connection has been hijacked, even if nothing was written to it"
)

// Over net/http the contract holds, but for what net/http keeps to itself.
func TestWireCasesOverNetHTTP(t *testing.T) {
	t.Parallel()
	for at, cases := range load(t) {
		app, err := newApp(at.mode, quiet(filepath.Join(site, at.root), microroute.EngineAuto))
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(nethttp.Handler(app))
		defer server.Close()
		failed := make(map[string]bool)
		for _, failure := range (contract.Replay{Addr: server.Listener.Addr().String()}).Run(cases).Failures {
			failed[failure.Case] = true
			if _, listed := notOverNetHTTP[failure.Case]; !listed {
				t.Errorf("mode %s: %s", at.mode, failure)
			}
		}
		for _, c := range cases {
			if reason, listed := notOverNetHTTP[c.ID]; listed && !failed[c.ID] {
				t.Errorf("%s passes, but is listed: %s", c.ID, reason)
			}
		}
	}
}
