//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package listener_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/listener"
)

func TestUnixReplacesStaleSocket(t *testing.T) {
	path := socketPath(t)
	stale := listenUnix(t, path, listener.UnixConfig{})
	stale.SetUnlinkOnClose(false)
	stale.Close()
	checkFiles(t, filepath.Dir(path), "socket")
	l := listenUnix(t, path, listener.UnixConfig{})
	if got := get(t, dial(t, serve(t, l, "tea").Addr())); got != "tea" {
		t.Errorf("got %q, want %q", got, "tea")
	}
}

// Of many that find a socket that was left behind one gets it, and keeps it.
func TestUnixReplacesStaleSocketOnce(t *testing.T) {
	for range 20 {
		path := socketPath(t)
		stale := listenUnix(t, path, listener.UnixConfig{})
		stale.SetUnlinkOnClose(false)
		stale.Close()
		var got, refused atomic.Int32
		var others sync.WaitGroup
		for range 8 {
			others.Go(func() {
				l, err := listener.Unix(path, listener.UnixConfig{})
				switch {
				case err == nil:
					got.Add(1)
					t.Cleanup(func() { l.Close() })
				case errors.Is(err, listener.ErrInUse):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		others.Wait()
		if got.Load() != 1 || refused.Load() != 7 {
			t.Errorf("%d listen and %d were refused, want 1 and 7", got.Load(), refused.Load())
		}
		dial(t, &net.UnixAddr{Name: path, Net: "unix"})
		checkFiles(t, filepath.Dir(path), "socket")
	}
}

func TestUnixCloseRemovesFile(t *testing.T) {
	path := socketPath(t)
	listenUnix(t, path, listener.UnixConfig{}).Close()
	checkFiles(t, filepath.Dir(path))

	server := serve(t, listenUnix(t, path, listener.UnixConfig{}), "tea")
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	checkFiles(t, filepath.Dir(path))
}

// A file that has taken the place of the socket's stays when the server ends.
func TestUnixServerKeepsFileOfAnother(t *testing.T) {
	for name, engine := range map[string]microroute.Engine{"auto": microroute.EngineAuto, "portable": microroute.EnginePortable} {
		t.Run(name, func(t *testing.T) {
			path := socketPath(t)
			server := serveBy(t, engine, listenUnix(t, path, listener.UnixConfig{}), "tea")
			get(t, dial(t, server.Addr())) // it serves
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			another := serveBy(t, engine, listenUnix(t, path, listener.UnixConfig{}), "coffee")
			if err := server.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			if got := get(t, dial(t, another.Addr())); got != "coffee" {
				t.Errorf("got %q, want %q", got, "coffee")
			}
		})
	}
}
