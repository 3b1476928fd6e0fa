package main

import (
	"os"
	"strings"
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

func TestFiles(t *testing.T) {
	client := microroutetest.New(t, newApp("."))
	for _, test := range []struct {
		target, fields string
		status         int
		file           string // whose content is the body
	}{
		{"/", "", 200, "www/index.html"},
		{"/tea.css", "", 200, "www/tea.css"},
		{"/teas/", "", 200, "www/teas/index.html"},
		{"/price-list", "", 200, "prices.csv"},
		{"/assets/tea.css", "", 200, "www/tea.css"},
		{"/nowhere", "", 404, "www/404.html"},
		{"/assets/none.css", "", 404, "www/404.html"},
		{"/../prices.csv", "", 404, "www/404.html"},
	} {
		want, err := os.ReadFile(test.file)
		if err != nil {
			t.Fatal(err)
		}
		if got := client.Get(test.target); got.Status != test.status || got.Body != string(want) {
			t.Errorf("GET %s: got %d %q, want %d and %s", test.target, got.Status, got.Body, test.status, test.file)
		}
	}
}

func TestFields(t *testing.T) {
	client := microroutetest.New(t, newApp("."))
	for target, want := range map[string]string{
		"/teas":           "Location: /teas/",
		"/tea.css":        "Content-Type: text/css; charset=utf-8",
		"/assets/tea.css": "Content-Type: text/css; charset=utf-8",
		"/price-list":     `Content-Disposition: attachment; filename="prices.csv"`,
	} {
		name, value, _ := strings.Cut(want, ": ")
		if got := client.Get(target); got.Header.Get(name) != value {
			t.Errorf("GET %s: got %s %q, want %q", target, name, got.Header.Get(name), value)
		}
	}
}

func TestConditionsAndRanges(t *testing.T) {
	client := microroutetest.New(t, newApp("."))
	whole := client.Get("/price-list")
	tag, time := whole.Header.Get("ETag"), whole.Header.Get("Last-Modified")
	if time == "" || whole.Header.Get("Accept-Ranges") != "bytes" {
		t.Fatalf("got %v, want validators and that ranges are accepted", whole.Header)
	}
	for _, test := range []struct {
		name, value string
		status      int
		body        string
	}{
		{"If-Modified-Since", time, 304, ""},
		{"If-None-Match", tag, 304, ""},
		{"Range", "bytes=4-8", 206, "price"},
		{"Range", "bytes=-5", 206, "3.00\n"},
		{"Range", "bytes=900-", 416, ""},
	} {
		got := client.Do("GET", "/price-list", "", "", test.name, test.value)
		if got.Status != test.status || test.status != 416 && got.Body != test.body {
			t.Errorf("%s: %s: got %d %q, want %d %q", test.name, test.value, got.Status, got.Body, test.status, test.body)
		}
	}
}
