package files_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// soon is how long a test waits for what must happen; nothing that works takes as long.
const soon = 60 * time.Second

// The engines, of which every test uses both.
var engines = map[string]microroute.Engine{
	"auto":     microroute.EngineAuto,
	"portable": microroute.EnginePortable,
}

// onEach runs a test with a server on each engine. Prepare may be nil; it gets the App before it serves root.
func onEach(t *testing.T, root string, prepare func(*microroute.App), test func(t *testing.T, address string)) {
	for name, engine := range engines {
		t.Run(name, func(t *testing.T) {
			app := microroute.New(microroute.Config{Root: root, Engine: engine, Logger: slog.New(slog.DiscardHandler)})
			if prepare != nil {
				prepare(app)
			}
			server, err := app.Start("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				ctx, cancel := context.WithTimeout(context.Background(), soon)
				defer cancel()
				if err := server.Shutdown(ctx); err != nil {
					t.Errorf("shutting down: %v", err)
				}
			})
			test(t, server.Addr().String())
		})
	}
}

// made is when the files of newSite were last modified: long enough ago for a strong entity tag.
var made = time.Date(2024, 2, 29, 12, 30, 0, 0, time.UTC)

// newSite makes a directory with these files.
func newSite(t *testing.T, files map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, made, made); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// numbered returns text of at least so many bytes in numbered lines, of which no two are alike.
func numbered(size int) string {
	var b strings.Builder
	for n := 0; b.Len() < size; n++ {
		fmt.Fprintf(&b, "line %07d\n", n)
	}
	return b.String()
}

// await waits until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(soon); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still waiting for %s", what)
		}
	}
}
