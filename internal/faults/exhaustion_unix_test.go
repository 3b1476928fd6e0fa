//go:build unix

package faults_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// When no connection can be accepted any more, the server rests instead of trying again and again, and goes on when there
// is room: if descriptors run out, and if there are as many connections as there may be.
func TestTooManyConnections(t *testing.T) {
	for name, with := range map[string]settings{
		"descriptors": {Limits: microroute.Limits{Connections: -1}, Descriptors: 64},
		"connections": {Limits: microroute.Limits{Connections: 32}},
	} {
		t.Run(name, func(t *testing.T) {
			apart(t, func(t *testing.T, engine microroute.Engine) {
				with := with // for each engine
				with.Engine = engine
				server := startChild(t, with)

				answered := make(chan *client)
				go knock(t, server.address, answered)
				var served []*client
				for len(served) < 20 {
					served = append(served, await(t, "an answer", answered))
				}
				used := server.state()
				const watched = time.Second
				time.Sleep(watched)
				served = append(served, received(answered)...)
				if n := len(served); n == knocking {
					t.Fatalf("all of %d were served, although there was no room for them", n)
				}
				if spent := server.state().CPU - used.CPU; spent > watched/5 {
					t.Errorf("while nothing could be accepted, the server used the processor for %v in %v", spent, watched)
				}

				n := len(served)
				for _, c := range served {
					c.Close()
				}
				for ; n < knocking; n++ {
					await(t, fmt.Sprintf("answer %d of %d", n+1, knocking), answered).Close()
				}
				server.wantNothingLeft()
			})
		})
	}
}

// knocking is how many clients want to be served: more than there is room for, fewer than may wait to be accepted.
const knocking = 100

// knock connects the clients, and sends those on answered who are served.
func knock(t *testing.T, address string, answered chan<- *client) {
	for range knocking {
		go func() {
			c, err := connect(address)
			if err == nil {
				var r string
				_, r, err = c.fetch(get("/hello"))
				if err == nil && r != "hello" {
					err = fmt.Errorf("answer %q, want \"hello\"", r)
				}
			}
			if err != nil {
				t.Error(err)
			}
			answered <- c
		}()
	}
}

// received returns what can be had from c at once.
func received(c <-chan *client) (all []*client) {
	for {
		select {
		case one := <-c:
			all = append(all, one)
		default:
			return all
		}
	}
}

// Bodies that are many times as large as the memory pass through it.
func TestLargeBodiesInLittleMemory(t *testing.T) {
	const clients, memory = 8, 32 << 20
	each(t, func(t *testing.T, engine microroute.Engine) {
		server := startChild(t, settings{Engine: engine}, "GOGC=off", fmt.Sprint("GOMEMLIMIT=", memory))
		size := many(32<<20, 1<<30)
		var all sync.WaitGroup
		for range clients {
			all.Go(func() {
				if err := upload(server.address, size); err != nil {
					t.Errorf("sending %d octets: %v", size, err)
				}
			})
			all.Go(func() {
				if err := download(server.address, size); err != nil {
					t.Errorf("receiving %d octets: %v", size, err)
				}
			})
		}
		all.Wait()
		if heap := server.state().Heap; heap > 2*memory {
			t.Errorf("%d bodies of %d octets have taken a heap of %d octets, want no more than %d", 2*clients, size, heap, 2*memory)
		}
		server.wantNothingLeft()
	})
}

func upload(address string, size int) error {
	c, err := connect(address)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Time{})
	piece := strings.Repeat("a", 64<<10)
	if _, err := io.WriteString(c, post("/count", size)); err != nil {
		return err
	}
	for range size / len(piece) {
		if _, err := io.WriteString(c, piece); err != nil {
			return err
		}
	}
	r, got, err := c.read()
	if err != nil || got != fmt.Sprint(size) {
		return fmt.Errorf("answer %s %q, %w, want %d", statusOf(r), got, err, size)
	}
	return nil
}

func download(address string, size int) error {
	c, err := connect(address)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Time{})
	if _, err := io.WriteString(c, get(fmt.Sprint("/zeros/", size))); err != nil {
		return err
	}
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil || n != int64(size) {
		return fmt.Errorf("%s and %d octets: %w", r.Status, n, err)
	}
	return nil
}
