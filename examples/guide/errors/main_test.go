package main

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

func TestAnswers(t *testing.T) {
	client := microroutetest.New(t, newApp())
	const json = "application/json"
	for _, test := range []struct {
		method, target, accept string
		status                 int
		body                   string
	}{
		{"POST", "/orders/assam/2", "", 200, "ordered"},
		{"POST", "/orders/assam/0", "", 422, "<p>How many cups?</p>"},
		{"POST", "/orders/assam/0", json, 422, `{"title":"Unprocessable Content","status":422,"detail":"How many cups?"}`},
		{"POST", "/orders/oolong/2", json, 409, `{"title":"Conflict","status":409,"detail":"We have run out of it."}`},
		{"POST", "/orders/mocha/2", "", 500, "it is our fault"},
		{"GET", "/<b>", "", 404, "<p>There is no /&lt;b&gt;."},
		{"GET", "/cellar", "", 403, "<h1>No entry</h1>"},
		{"GET", "/teas/1", "", 200, "Ceylon"},
		{"GET", "/teas/2", "", 500, "it is our fault"},
	} {
		got := client.Do(test.method, test.target, "", "", "Accept", test.accept)
		if got.Status != test.status || !strings.Contains(got.Body, test.body) {
			t.Errorf("%s %s, Accept %q: got %d %q, want %d %q",
				test.method, test.target, test.accept, got.Status, got.Body, test.status, test.body)
		}
	}
}

func TestHalfABodyIsSeen(t *testing.T) {
	server, err := newApp().Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	response, err := http.Get("http://" + server.Addr().String() + "/half")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if string(body) != "The first half, and" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q and error %v, want the half and an unexpected end", body, err)
	}
}
