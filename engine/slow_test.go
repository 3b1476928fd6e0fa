package engine_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute/engine"
)

// A client that reads slowly but steadily gets everything, however long that takes and however it is sent.
func TestSlowButSteadyReader(t *testing.T) {
	content := noise(8 << 20)
	path := filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	ways := map[string]func(x *engine.Exchange) error{
		"/write": func(x *engine.Exchange) error {
			_, err := x.Write(content)
			return err
		},
		"/pieces": func(x *engine.Exchange) error {
			_, err := io.CopyBuffer(struct{ io.Writer }{x}, struct{ io.Reader }{bytes.NewReader(content)}, make([]byte, 4096))
			return err
		},
		"/reader": func(x *engine.Exchange) error {
			_, err := x.ReadFrom(io.LimitReader(bytes.NewReader(content), int64(len(content))))
			return err
		},
		"/file": func(x *engine.Exchange) error {
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = x.ReadFrom(io.LimitReader(f, int64(len(content))))
			return err
		},
	}
	each(t, func(t *testing.T, m mode) {
		patience := 2 * short
		if m.bare {
			patience = 10 * short // its small buffers make TCP itself wait: 200 ms before it asks for room again, then 400
		}
		sent := map[string]chan error{}
		for way := range ways {
			sent[way] = make(chan error, 1)
		}
		s := start(t, m, engine.Limits{WriteTimeout: patience}, func(x *engine.Exchange) {
			respond(x, 200, int64(len(content)), "", false)
			way := x.Head().RawPath()
			err := ways[way](x)
			sent[way] <- err
			if err == nil {
				x.End()
			}
		})
		var all sync.WaitGroup
		for way := range ways {
			c := s.dial()
			c.SetReadBuffer(256 << 10)
			c.send(get(way))
			all.Go(func() {
				reader := slowly{Reader: c.response("GET").Body, last: time.Now()}
				got := make([]byte, len(content))
				n, err := io.ReadFull(&reader, got)
				sendErr := <-sent[way]
				switch {
				case bytes.Equal(got, content) && sendErr == nil:
				case reader.pause > patience/2:
					t.Logf("%s: the reader was not steady, it got no processor for %v", way, reader.pause)
				default:
					t.Errorf("%s: got %d octets, %v, want %d; sending: %v", way, n, err, len(content), sendErr)
				}
			})
		}
		all.Wait()
	})
}

// slowly reads four megabytes in a second.
type slowly struct {
	io.Reader
	last  time.Time
	pause time.Duration // the longest between two reads
}

func (s *slowly) Read(p []byte) (int, error) {
	time.Sleep(short / 12)
	s.pause = max(s.pause, time.Since(s.last))
	defer func() { s.last = time.Now() }()
	return io.ReadFull(s.Reader, p[:min(len(p), 32<<10)])
}
