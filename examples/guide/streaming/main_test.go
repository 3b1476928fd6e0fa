package main

import (
	"archive/zip"
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute/microroutetest"
)

func TestPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := microroutetest.New(t, newApp(time.Minute))
		for target, want := range map[string]struct {
			body string
			took time.Duration
		}{
			"/brew":        {"Boil water.\nAdd leaves.\nWait three minutes.\n", 3 * time.Minute},
			"/countdown/2": {"2\n1\nTea!\n", 2 * time.Minute},
		} {
			start := time.Now()
			got := client.Get(target)
			if took := time.Since(start); got.Body != want.body || took != want.took {
				t.Errorf("GET %s: got %q after %v, want %q after %v", target, got.Body, took, want.body, want.took)
			}
		}
	})
}

func TestReaders(t *testing.T) {
	client := microroutetest.New(t, newApp(0))
	text := strings.Repeat("tea\n", 10_000)
	if got := client.Post("/echo", "text/x-tea", text); got.Body != text || got.Header.Get("Content-Type") != "text/x-tea; charset=utf-8" {
		t.Errorf("got %d octets of %s, want those that were sent", len(got.Body), got.Header.Get("Content-Type"))
	}
	body := client.Get("/teas.zip").Body
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil || len(archive.File) != 2 || archive.File[1].Name != "ceylon.txt" {
		t.Errorf("got %v, want an archive with two files", err)
	}
}

func TestTrailers(t *testing.T) {
	got := microroutetest.New(t, newApp(0)).Get("/list")
	const sum = "a97a640d"
	if got.Body != "Assam\nCeylon\n" || got.Trailer.Get("Checksum") != sum {
		t.Errorf("got %q and %v behind it, want Checksum: %s", got.Body, got.Trailer, sum)
	}

	server, err := newApp(0).Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for sum, want := range map[string]int{sum: 200, "00000000": 400, "": 400} {
		request, err := http.NewRequest("PUT", "http://"+server.Addr().String()+"/list", io.MultiReader(strings.NewReader(got.Body)))
		if err != nil {
			t.Fatal(err)
		}
		request.Trailer = http.Header{"Checksum": {sum}}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("Checksum %q: got %s, want %d", sum, response.Status, want)
		}
	}
}

func TestEventsEndWithTheirClient(t *testing.T) {
	server, err := newApp(time.Millisecond).Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	request, err := http.NewRequestWithContext(ctx, "GET", "http://"+server.Addr().String()+"/clock", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Last-Event-ID", "41")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for _, want := range []string{"id: 42", "data: ", "", "id: 43"} {
		if lines.Scan(); !strings.HasPrefix(lines.Text(), want) {
			t.Fatalf("got %q, %v, want %q", lines.Text(), lines.Err(), want)
		}
	}
	leave()
	if err := server.Shutdown(t.Context()); err != nil { // it waits for the handler
		t.Errorf("got %v, want the handler to notice that the client has left", err)
	}
}
