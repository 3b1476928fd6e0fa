package message_test

import (
	"testing"

	"github.com/microroute/microroute/message"
)

func TestHostname(t *testing.T) {
	for host, want := range map[string]string{
		"":                  "",
		"tea.example":       "tea.example",
		"Tea.example:8080":  "Tea.example",
		"tea.example.":      "tea.example",
		"tea.example.:8080": "tea.example",
		"192.0.2.7:80":      "192.0.2.7",
		"[2001:db8::7]":     "2001:db8::7",
		"[2001:db8::7]:80":  "2001:db8::7",
		"[2001:db8::7":      "2001:db8::7",
		":80":               "",
	} {
		if got := message.Hostname(host); got != want {
			t.Errorf("Hostname(%q) = %q, want %q", host, got, want)
		}
	}
}
