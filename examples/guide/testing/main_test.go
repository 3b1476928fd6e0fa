package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

func TestCart(t *testing.T) {
	client := microroutetest.New(t, newApp())
	if got := client.Get("/cart").Body; got != `[]` {
		t.Errorf("got the cart %s to begin with, want it empty", got)
	}
	client.PostForm("/cart", url.Values{"tea": {"Assam"}})
	got := client.PostForm("/cart", url.Values{"tea": {"Ceylon"}})
	if got.Status != 303 || got.Header.Get("Location") != "/cart" {
		t.Errorf("got %d to %q, want 303 to /cart", got.Status, got.Header.Get("Location"))
	}
	if got := client.Get("/cart").Body; got != `["Assam","Ceylon"]` {
		t.Errorf("got the cart %s, want Assam and Ceylon", got)
	}
}

func TestCartRefuses(t *testing.T) {
	client := microroutetest.New(t, newApp())
	for body, want := range map[string]string{
		`{}`:               "Which tea?",
		`{"tea":"a; b=c"}`: "There is no such tea.",
		`{"tea":`:          "malformed form",
	} {
		got := client.Do("POST", "/cart", "application/json", body, "Accept", "application/json")
		if got.Status < 400 || got.Status > 499 || !strings.Contains(got.Body, want) {
			t.Errorf("%s: got %d %s, want 4xx and %q", body, got.Status, got.Body, want)
		}
	}
}

func TestOverTCP(t *testing.T) {
	server, err := newApp().Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	response, err := http.Get("http://" + server.Addr().String() + "/cart")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		t.Errorf("got %s, want 200", response.Status)
	}
}

func TestNoMistakes(t *testing.T) {
	if err := newApp().Prepare(); err != nil {
		t.Error(err)
	}
}
