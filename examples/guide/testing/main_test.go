package main

import (
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute/microroutetest"
)

func TestCart(t *testing.T) {
	client := microroutetest.New(t, newApp())
	client.Get("/cart").WantJSON(200, []string{})
	client.PostForm("/cart", url.Values{"tea": {"Assam"}}).Want(303).WantHeader("Location", "/cart")
	client.PostForm("/cart", url.Values{"tea": {"Ceylon"}})
	client.Get("/cart").WantJSON(200, []string{"Assam", "Ceylon"})
}

func TestCartRefuses(t *testing.T) {
	client := microroutetest.New(t, newApp())
	for body, want := range map[string]struct {
		status int
		text   string
	}{
		`{}`:               {422, "Which tea?"},
		`{"tea":"a; b=c"}`: {400, "There is no such tea."},
		`{"tea":`:          {400, "malformed form"},
	} {
		t.Run(body, func(t *testing.T) {
			got := client.In(t).Do("POST", "/cart", "application/json", body, "Accept", "application/json")
			got.Want(want.status).WantContains(want.text)
		})
	}
}

func TestVisitors(t *testing.T) {
	anna := microroutetest.New(t, newApp())
	bert := anna.Another()
	anna.PostForm("/cart", url.Values{"tea": {"Assam"}})
	anna.Get("/cart").WantJSON(200, []string{"Assam"})
	bert.Get("/cart").WantJSON(200, []string{})
}

func TestKettle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		events := microroutetest.New(t, newApp()).Events("/kettle")
		for _, want := range []string{"40 °C", "60 °C", "80 °C", "100 °C"} {
			if got := events.Next(); got.Type != "water" || got.Data != want {
				t.Errorf("got %+v, want water of %s", got, want)
			}
		}
		if took := time.Since(start); took != 3*time.Minute {
			t.Errorf("the water boiled after %v, want three minutes", took)
		}
	})
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
