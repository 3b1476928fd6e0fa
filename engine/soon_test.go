package engine_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/microroute/microroute/engine"
)

// What is written soon is sent although the handler does nothing more.
func TestWriteSoonIsSent(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		goOn := make(chan struct{})
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			respond(x, 200, -1, "", false)
			for _, piece := range []string{"", "one", "two"} {
				if n, err := x.WriteSoon([]byte(piece)); n != len(piece) || err != nil {
					t.Errorf("WriteSoon(%q) = %d, %v", piece, n, err)
				}
				<-goOn
			}
			x.End()
		})
		c := s.dial()
		c.send(get("/"))
		body := c.response("GET").Body // the head has come, without any content
		for _, piece := range []string{"one", "two"} {
			goOn <- struct{}{}
			got := make([]byte, len(piece))
			if _, err := io.ReadFull(body, got); err != nil || string(got) != piece {
				t.Fatalf("read %q, %v, want %q", got, err, piece)
			}
		}
		goOn <- struct{}{}
		if rest, err := io.ReadAll(body); len(rest) > 0 || err != nil {
			t.Errorf("behind the last piece: %q, %v", rest, err)
		}
	})
}

// Pieces of every size, and other ways to write between them, keep their order.
func TestWriteSoonKeepsOrder(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		pieces := make([]string, 2000)
		for i := range pieces {
			pieces[i] = strings.Repeat(string(rune('a'+i%26)), i*7%9000)
		}
		want := strings.Join(pieces, "")
		write := func(x *engine.Exchange, i int) (err error) {
			switch piece := []byte(pieces[i]); i % 50 {
			case 10:
				_, err = x.Write(piece)
			case 20:
				_, err = x.ReadFrom(bytes.NewReader(piece))
			case 30:
				if err = x.Flush(); err != nil {
					return err
				}
				fallthrough
			default:
				_, err = x.WriteSoon(piece)
			}
			return err
		}
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			respond(x, 200, -1, "", false)
			for i := range pieces {
				if err := write(x, i); err != nil {
					t.Errorf("piece %d: %v", i, err)
					return
				}
			}
			x.End()
		})
		c := s.dial()
		for range 3 {
			c.send(get("/"))
			if _, got := c.answer(); got != want {
				t.Fatalf("got %d octets, want %d, or not the same ones", len(got), len(want))
			}
		}
	})
}

// A client that has gone is the error of a later call.
func TestWriteSoonFails(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		gone, failed := make(chan struct{}), make(chan error)
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if _, err := x.WriteSoon(nil); !errors.Is(err, engine.ErrNoHead) {
				t.Errorf("WriteSoon before Begin = %v, want ErrNoHead", err)
			}
			respond(x, 200, -1, "", false)
			<-gone
			for {
				if _, err := x.WriteSoon([]byte("piece")); err != nil {
					failed <- x.End()
					return
				}
			}
		})
		c := s.dial()
		c.send(get("/"))
		c.SetLinger(0)
		c.Close()
		close(gone)
		if err := <-failed; err == nil {
			t.Error("End after a failed WriteSoon succeeded")
		}
	})
}
