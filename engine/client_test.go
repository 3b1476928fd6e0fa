package engine_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/engine"
)

// clientOf returns the connection of x's client.
func clientOf(t *testing.T, x *engine.Exchange) net.Conn {
	c, err := x.Client()
	if err != nil {
		t.Errorf("Client: %v", err)
	}
	return c
}

// Reading the client yields what was read ahead first, the request's content before all, then what comes.
func TestClientReadsAhead(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			first := make([]byte, 2)
			io.ReadFull(x, first) // of the content
			c := clientOf(t, x)
			rest := make([]byte, len("llo, world"))
			n, err := io.ReadFull(c, rest)
			fmt.Fprintf(c, "%s %s %v", first, rest[:n], err)
			if _, err := x.Read(first); !errors.Is(err, engine.ErrTaken) {
				t.Errorf("Read of content that the client's reader has had: %v, want ErrTaken", err)
			}
		})
		c := s.dial()
		c.send(post("/", 5) + "hello, ")
		c.send("world")
		if got, err := io.ReadAll(c.in); string(got) != "he llo, world <nil>" || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, "he llo, world <nil>")
		}
	})
}

// A deadline that has passed ends a read of the client that waits, or is about to.
func TestClientReadIsInterrupted(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			c := clientOf(t, x)
			for i := range 20_000 {
				c.SetReadDeadline(time.Time{})
				interrupted := make(chan error, 1)
				go func() {
					_, err := c.Read(make([]byte, 1))
					interrupted <- err
				}()
				if i%2 == 0 {
					runtime.Gosched()
				}
				c.SetReadDeadline(time.Unix(1, 0))
				select {
				case err := <-interrupted:
					if !errors.Is(err, os.ErrDeadlineExceeded) {
						t.Fatalf("read %d: %v", i, err)
					}
				case <-time.After(soon):
					t.Errorf("read %d goes on although its deadline has passed", i)
					return
				}
			}
			reply(x, "")
		})
		s.dial().wantAlive()
	})
}

// Who writes to the client speaks for himself from then on.
func TestClientWrite(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if x.Head().RawPath() == "/1" {
				reply(x, "before")
				return
			}
			c := clientOf(t, x)
			if x.Taken() {
				t.Error("taken before it was written to")
			}
			if n, err := io.WriteString(c, "raw"); n != 3 || err != nil {
				t.Errorf("Write = %d, %v, want 3", n, err)
			}
			if !x.Taken() {
				t.Error("not taken after it was written to")
			}
			if err := respond(x, 200, 2, "no", true); !errors.Is(err, engine.ErrTaken) {
				t.Errorf("Begin after a raw write = %v, want ErrTaken", err)
			}
			if again := clientOf(t, x); again != c {
				t.Error("Client returns another connection the second time")
			}
		})
		c := s.dial()
		c.send(get("/1") + get("/2") + get("/3"))
		c.want(200, "before")
		if got, err := io.ReadAll(c.in); string(got) != "raw" || err != nil && !strings.Contains(err.Error(), "reset") {
			t.Errorf("got %q, %v, want raw and the end", got, err)
		}
	})
}

// What the framework has sent goes out before what the handler writes.
func TestClientWriteBehindAnswer(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			c := clientOf(t, x)
			respond(x, 200, 2, "ok", true)
			io.WriteString(c, "raw")
		})
		c := s.dial()
		c.send(get("/"))
		c.want(200, "ok")
		if got, err := io.ReadAll(c.in); string(got) != "raw" || err != nil {
			t.Errorf("behind the answer: %q, %v, want raw", got, err)
		}
	})
}

// A client that was only looked at still gets its answer, the last one of the connection.
func TestClientLookedAt(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			c := clientOf(t, x)
			if c.RemoteAddr().String() != x.RemoteAddr().String() || c.LocalAddr().String() != x.LocalAddr().String() {
				t.Errorf("client %v at %v, exchange %v at %v", c.RemoteAddr(), c.LocalAddr(), x.RemoteAddr(), x.LocalAddr())
			}
			reply(x, "ok")
		})
		c := s.dial()
		c.send(get("/"))
		if r := c.want(200, "ok"); !r.Close {
			t.Error("the answer does not say that the connection closes")
		}
		c.wantClosed()
	})
}

func TestClientClose(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		goOn := make(chan struct{})
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			c := clientOf(t, x)
			if err := c.Close(); err != nil {
				t.Errorf("Close = %v", err)
			}
			<-goOn
			if err := respond(x, 200, 2, "no", true); !errors.Is(err, engine.ErrTaken) {
				t.Errorf("Begin after Close = %v, want ErrTaken", err)
			}
		})
		c := s.dial()
		c.send(get("/"))
		c.wantClosed()
		close(goOn)
	})
}

// There are no deadlines but those that the handler sets.
func TestClientDeadlines(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		goOn := make(chan struct{})
		s := start(t, m, engine.Limits{BodyTimeout: short, WriteTimeout: short}, func(x *engine.Exchange) {
			x.Read(make([]byte, 1))
			c := clientOf(t, x)
			<-goOn
			time.Sleep(2 * short)
			if n, err := io.ReadFull(c, make([]byte, 4)); n != 4 || err != nil {
				t.Errorf("reading when the BodyTimeout has passed: %d octets, %v", n, err)
			}
			if _, err := io.WriteString(c, "raw"); err != nil {
				t.Errorf("writing when the WriteTimeout has passed: %v", err)
			}
			c.SetReadDeadline(time.Now().Add(-1))
			if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("reading behind the deadline = %v, want a passed deadline", err)
			}
			c.SetWriteDeadline(time.Now().Add(-1))
			if _, err := io.WriteString(c, "x"); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("writing behind the deadline = %v, want a passed deadline", err)
			}
		})
		c := s.dial()
		c.send(post("/", 5) + "h")
		close(goOn)
		c.send("ello")
		if got, _ := io.ReadAll(c.in); string(got) != "raw" {
			t.Errorf("got %q, want raw", got)
		}
	})
}

// A deadline of the handler's own holds, however much it writes.
func TestClientWriteDeadline(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		failed := make(chan error, 1)
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			c := clientOf(t, x)
			c.SetWriteDeadline(time.Now().Add(short))
			_, err := c.Write(make([]byte, 64<<20))
			failed <- err
		})
		c := s.dial()
		c.send(get("/"))
		select {
		case err := <-failed:
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("writing to a client that takes nothing = %v, want a passed deadline", err)
			}
		case <-time.After(soon):
			t.Error("the deadline does not hold")
			c.Close()
			<-failed
		}
	})
}

// A hijacked connection is the handler's, after the handler has returned and after the server has gone.
func TestHijack(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		hijacked := make(chan net.Conn, 1)
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			c, err := x.Hijack()
			if err != nil || !x.Taken() {
				t.Errorf("Hijack: %v, taken %t", err, x.Taken())
			}
			if err := respond(x, 200, 2, "no", true); !errors.Is(err, engine.ErrTaken) {
				t.Errorf("Begin after Hijack = %v, want ErrTaken", err)
			}
			hijacked <- c
		})
		c := s.dial()
		c.send(get("/") + "ahead ")
		conn := <-hijacked
		if err := <-s.shutdown(); err != nil {
			t.Errorf("Shutdown = %v", err)
		}
		s.Close()
		c.send("behind")
		got := make([]byte, len("ahead behind"))
		if n, err := io.ReadFull(conn, got); string(got) != "ahead behind" || err != nil {
			t.Errorf("read %q, %v, want what was read ahead, and what came", got[:n], err)
		}
		io.WriteString(conn, "bye")
		if err := conn.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
		if got, err := io.ReadAll(c.in); string(got) != "bye" || err != nil {
			t.Errorf("the client got %q, %v, want bye", got, err)
		}
	})
}

// An answer that had to go out before leaves no deadline on a hijacked connection.
func TestHijackLeavesNoDeadline(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		hijacked := make(chan net.Conn, 1)
		s := start(t, m, engine.Limits{WriteTimeout: short}, func(x *engine.Exchange) {
			if x.Head().RawPath() == "/1" {
				reply(x, "first")
				return
			}
			c, _ := x.Hijack()
			hijacked <- c
		})
		c := s.dial()
		c.send(get("/1") + get("/2"))
		c.want(200, "first")
		conn := <-hijacked
		defer conn.Close()
		time.Sleep(2 * short)
		if _, err := io.WriteString(conn, "late"); err != nil {
			t.Errorf("writing when the WriteTimeout has passed: %v", err)
		}
	})
}

// A handler can end its side and go on reading.
func TestClientCloseWrite(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		got := make(chan string, 1)
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			conn, err := x.Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			io.WriteString(conn, "the end")
			if err := conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
				t.Error(err)
			}
			rest, err := io.ReadAll(conn)
			if err != nil {
				t.Error(err)
			}
			got <- string(rest)
		})
		c := s.dial()
		c.send(get("/"))
		if all, err := io.ReadAll(c.in); string(all) != "the end" || err != nil {
			t.Errorf("got %q, %v", all, err)
		}
		c.send("and more")
		c.CloseWrite()
		if got := <-got; got != "and more" {
			t.Errorf("the handler got %q", got)
		}
	})
}
