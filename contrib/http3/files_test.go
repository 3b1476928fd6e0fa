package http3_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/microroute/microroute"
)

func TestFiles(t *testing.T) {
	root := t.TempDir()
	content := bytes.Repeat([]byte("0123456789"), 50_000)
	if err := os.WriteFile(filepath.Join(root, "tea.txt"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, microroute.Config{Root: root}, func(*microroute.App) {})
	whole := s.do(t, s.request(t, "GET", "/tea.txt", nil))
	if got := show(t, whole); got != "200 HTTP/3.0 "+string(content) {
		t.Errorf("got %d octets, want 200 and %d", len(got), len(content))
	}
	for _, tt := range []struct {
		name, field, value string
		status             int
		want               string
	}{
		{"range", "Range", "bytes=100003-100006", http.StatusPartialContent, "206 HTTP/3.0 3456"},
		{"last octets", "Range", "bytes=-3", http.StatusPartialContent, "206 HTTP/3.0 789"},
		{"not changed", "If-None-Match", whole.Header.Get("ETag"), http.StatusNotModified, "304 HTTP/3.0"},
	} {
		r := s.request(t, "GET", "/tea.txt", nil)
		r.Header.Set(tt.field, tt.value)
		if got := show(t, s.do(t, r)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
