package engine_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute/engine"
)

// Many clients come and go as they like, and none ever gets what is meant for another.
func TestStress(t *testing.T) {
	const clients, connections = 32, 25
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if rand.IntN(4) == 0 {
				x.Context()
			}
			if rand.IntN(8) == 0 {
				time.Sleep(time.Millisecond)
			}
			if strings.HasPrefix(x.Head().RawPath(), "/skip") {
				reply(x, x.Head().Target()+" ")
				return
			}
			echo(x)
		})
		var all sync.WaitGroup
		for n := range clients {
			all.Go(func() {
				for i := range connections {
					s.visit(t, fmt.Sprint(n, "-", i))
				}
			})
		}
		all.Wait()
	})
}

// visit sends some requests on a connection, in pieces, and leaves when it has had the answers, or before.
func (s *server) visit(t *testing.T, name string) {
	c := s.dial()
	defer c.Close()
	var requests strings.Builder
	var want []string
	for i := range 1 + rand.IntN(5) {
		path := fmt.Sprintf("/%s/%d", name, i)
		content := strings.Repeat(name, rand.IntN(2000))
		switch rand.IntN(4) {
		case 0:
			requests.WriteString(get(path))
			want = append(want, path+" ")
		case 1:
			requests.WriteString(post(path, len(content)) + content)
			want = append(want, path+" "+content)
		case 2:
			requests.WriteString("POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks([]byte(content)))
			want = append(want, path+" "+content)
		case 3:
			requests.WriteString(post("/skip"+path, len(content)) + content)
			want = append(want, "/skip"+path+" ")
		}
	}
	go func() {
		for rest := requests.String(); rest != ""; {
			n := min(len(rest), 1+rand.IntN(3000))
			if _, err := io.WriteString(c, rest[:n]); err != nil {
				return
			}
			rest = rest[n:]
		}
		if rand.IntN(2) == 0 {
			c.CloseWrite()
		}
	}()
	leave := rand.IntN(4 * len(want))
	for i, want := range want {
		if i == leave {
			if rand.IntN(2) == 0 {
				c.SetLinger(0)
			}
			return
		}
		r, err := http.ReadResponse(c.in, nil)
		if err != nil {
			t.Errorf("%s, answer %d: %v", name, i, err)
			return
		}
		got, err := io.ReadAll(r.Body)
		if string(got) != want || err != nil {
			t.Errorf("%s, answer %d: %.60q of %d octets, %v, want %.60q of %d", name, i, got, len(got), err, want, len(want))
			return
		}
	}
}

// A request that comes in one piece with the end of the stream is answered.
func TestRequestWithEnd(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, echo)
		for range 100 {
			c := s.dial()
			c.send(get("/1") + post("/2", 5) + "hello")
			c.CloseWrite()
			c.want(200, "/1 ")
			c.want(200, "/2 hello")
			c.wantClosed()
		}
	})
}

// A request that comes when the connection is just going to rest is not overlooked.
func TestNoRequestIsOverlooked(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, echo)
		var all sync.WaitGroup
		for range 8 {
			c := s.dial()
			all.Go(func() {
				for i := range 500 {
					path := fmt.Sprint("/", i)
					if i%3 == 0 { // ends where the server may have stopped reading
						c.send(get(path)[:7])
						c.send(get(path)[7:])
					} else {
						c.send(get(path))
					}
					c.want(200, path+" ")
				}
			})
		}
		all.Wait()
	})
}
