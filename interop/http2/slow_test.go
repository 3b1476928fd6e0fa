package http2_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/microroute/microroute"
)

// large is a body that no buffer takes whole.
var large = bytes.Repeat([]byte("0123456789abcdef"), 64<<10)

// bodies are the ways to send large.
func bodies(t *testing.T) map[string]any {
	t.Helper()
	file := filepath.Join(t.TempDir(), "large.bin")
	if err := os.WriteFile(file, large, 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"bytes":  func(*Context) []byte { return large },
		"reader": func(*Context) io.Reader { return bytes.NewReader(large) },
		"file":   func(c *Context) error { return c.Response.SendFile(file) },
		"pieces": func(c *Context) error {
			for piece := range slices.Chunk(large, 1<<10) {
				if err := c.Response.Send(piece); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// eachBody runs a test for each body and engine, with a client that has no window for content.
func eachBody(t *testing.T, limits microroute.Limits, test func(t *testing.T, p *peer)) {
	for name, handler := range bodies(t) {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, engine microroute.Engine) {
				addr := serve(t, microroute.Config{Engine: engine, Limits: limits}, http.HTTP2Config{},
					func(app *microroute.App) { app.Get("/large", handler) })
				p := dial(t, addr, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})
				if err := p.get(1, "/large"); err != nil {
					t.Fatal(err)
				}
				test(t, p)
			})
		})
	}
}

// A client that takes nothing loses its stream after the WriteTimeout, and the handler goes home.
func TestStalledReader(t *testing.T) {
	eachBody(t, microroute.Limits{WriteTimeout: 200 * time.Millisecond}, func(t *testing.T, p *peer) {
		p.await(func(f http2.Frame) bool {
			_, reset := f.(*http2.RSTStreamFrame)
			if data, ok := f.(*http2.DataFrame); ok && len(data.Data()) > 0 {
				t.Errorf("got %d octets without a window", len(data.Data()))
			}
			return reset
		})
		p.conn.Close()
	})
}

// A client that takes a little all the time gets everything, however long that takes.
func TestSlowReader(t *testing.T) {
	const writeTimeout, little = 400 * time.Millisecond, 4 << 10
	eachBody(t, microroute.Limits{WriteTimeout: writeTimeout}, func(t *testing.T, p *peer) {
		p.WriteWindowUpdate(0, uint32(len(large)))
		var got []byte
		for began := time.Now(); time.Since(began) < 4*writeTimeout; time.Sleep(writeTimeout / 20) {
			p.WriteWindowUpdate(1, little)
			for before := len(got); len(got) < before+little; {
				data := p.data()
				if data == nil {
					t.Fatalf("the stream ends after %d octets", len(got))
				}
				got = append(got, data...)
			}
		}
		p.WriteWindowUpdate(1, uint32(len(large)))
		for data := p.data(); data != nil; data = p.data() {
			got = append(got, data...)
		}
		if !bytes.Equal(got, large) {
			t.Errorf("got %d octets, want %d", len(got), len(large))
		}
	})
}

// data returns the next content that comes, nil if there is no more.
func (p *peer) data() []byte {
	p.t.Helper()
	frame := p.await(func(f http2.Frame) bool {
		data, ok := f.(*http2.DataFrame)
		_, reset := f.(*http2.RSTStreamFrame)
		return reset || ok && (data.StreamEnded() || len(data.Data()) > 0)
	})
	if data, ok := frame.(*http2.DataFrame); ok && len(data.Data()) > 0 {
		return bytes.Clone(data.Data())
	}
	return nil
}

// The limits are for clients. A handler may take its time between two pieces of content, in either direction.
func TestSlowHandler(t *testing.T) {
	const limit = 100 * time.Millisecond
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		limits := microroute.Limits{WriteTimeout: limit, BodyTimeout: limit}
		addr := serve(t, microroute.Config{Engine: engine, Limits: limits}, http.HTTP2Config{}, func(app *microroute.App) {
			app.Get("/large", func(c *Context) error {
				var got [2]byte
				for i := range got {
					if _, err := io.ReadFull(c.Request.Body(), got[i:i+1]); err != nil {
						return err
					}
					if err := c.Response.Send(got[i : i+1]); err != nil {
						return err
					}
					time.Sleep(3 * limit)
				}
				return nil
			})
		})
		p := dial(t, addr)
		p.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: p.head("/large"), EndHeaders: true})
		p.WriteData(1, true, []byte("ab"))
		var got []byte
		for data := p.data(); data != nil; data = p.data() {
			got = append(got, data...)
		}
		if string(got) != "ab" {
			t.Errorf("got %q, want both octets", got)
		}
	})
}

// The handler learns of it by a TimeoutError.
func TestStalledReaderIsReported(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		failed := make(chan error, 1)
		addr := serve(t, microroute.Config{Engine: engine, Limits: microroute.Limits{WriteTimeout: 200 * time.Millisecond}},
			http.HTTP2Config{}, func(app *microroute.App) {
				app.Get("/large", func(c *Context) error {
					err := c.Response.Send(large)
					failed <- err
					return err
				})
			})
		p := dial(t, addr, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})
		p.get(1, "/large")
		var timeout *microroute.TimeoutError
		if err := <-failed; !errors.As(err, &timeout) {
			t.Errorf("got %v, want a TimeoutError", err)
		}
	})
}

// A client that has nothing to say is not waited for longer than the IdleTimeout, whatever it has begun with.
func TestSilentClient(t *testing.T) {
	for name, begin := range map[string]func(p *peer) error{
		"nothing": func(*peer) error { return nil },
		"a head that does not end": func(p *peer) error {
			return p.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: p.head("/"), EndStream: true})
		},
		"a request": func(p *peer) error { return p.get(1, "/") },
	} {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, engine microroute.Engine) {
				addr := serve(t, microroute.Config{Engine: engine, Limits: microroute.Limits{IdleTimeout: 200 * time.Millisecond}},
					http.HTTP2Config{}, nil)
				p := dial(t, addr)
				if err := begin(p); err != nil {
					t.Fatal(err)
				}
				p.await(func(http2.Frame) bool { return false })
			})
		})
	}
}
