package faults_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// Connections come and go quickly, and their descriptors and buffers serve others at once. Whatever clients and handlers
// do, every answer carries the nonce of its own request.
func TestEveryAnswerIsItsOwn(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		const atATime = 48
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		var app nonceApp
		limits := microroute.Limits{HeadTimeout: 2 * time.Second, BodyTimeout: 2 * time.Second}
		address := serve(t, engine, limits, app.routes)
		connections := int64(many(3000, 100_000))
		var next, answers atomic.Int64
		var all sync.WaitGroup
		for range atATime {
			all.Go(func() {
				for id := next.Add(1); id <= connections && !t.Failed(); id = next.Add(1) {
					v := newVisit(rand.New(rand.NewPCG(seed, uint64(id))), id)
					if err := v.pay(address); err != nil {
						t.Errorf("connection %d: %v", id, err)
					}
					answers.Add(int64(v.answered))
				}
			})
		}
		all.Wait()
		jobs := make(chan bool)
		go func() {
			app.jobs.Wait()
			close(jobs)
		}()
		await(t, "those whom handlers have left behind", jobs)
		if n := answers.Load(); n < connections && !t.Failed() {
			t.Errorf("only %d answers on %d connections", n, connections)
		}
	})
}

// visit is what one client does on its connection.
type visit struct {
	*rand.Rand
	requests strings.Builder // on the wire
	expected []expected      // answers
	rest     string          // what may come after them
	goes     bool            // the server keeps the connection
	stays    bool            // the client leaves with the last answer, not before
	answered int
}

type expected struct {
	status  int
	content string // of errors it is not checked
}

// newVisit plans a visit with a few requests, of which only the last one may have the server end the connection.
func newVisit(random *rand.Rand, id int64) *visit {
	v := &visit{Rand: random, goes: true}
	for i := range 1 + v.IntN(4) {
		v.addRequest(fmt.Sprintf("nonce-%d-%d", id, i))
	}
	if v.IntN(2) == 0 {
		v.addLast(fmt.Sprintf("nonce-%d-last", id))
	}
	return v
}

func (v *visit) add(request string, status int, content string) {
	v.requests.WriteString(request)
	v.expected = append(v.expected, expected{status, content})
}

// addRequest adds a request after which the connection goes on.
func (v *visit) addRequest(n string) {
	content := strings.Repeat(n, v.IntN(300))
	switch v.IntN(6) {
	case 0:
		v.add(get("/text/"+n), 200, n)
	case 1:
		v.add(get("/wait/"+n), 200, n)
	case 2:
		v.add(get("/stream/"+n), 200, n)
	case 3:
		v.add(post("/echo/"+n, len(content))+content, 200, n+content)
	case 4:
		v.add(postChunked("/echo/"+n)+v.chunks(content), 200, n+content)
	case 5:
		v.add(post("/skip/"+n, len(content))+content, 200, n)
	}
}

// chunks returns content in chunks of any size.
func (v *visit) chunks(content string) string {
	var b strings.Builder
	for content != "" {
		n := min(len(content), 1+v.IntN(1000))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, content[:n])
		content = content[n:]
	}
	return b.String() + "0\r\n\r\n"
}

// addLast adds a request after which the server ends the connection.
func (v *visit) addLast(n string) {
	v.goes = false
	switch way := v.IntN(50); {
	case way == 0: // never completes its head
		v.add("GET /text/"+n+" HTTP/1.1\r\nHost: a.te", 408, "")
	case way == 1: // never completes its content
		v.add(post("/echo/"+n, 1000)+"too little", 408, "")
	case way < 5:
		v.add("nonsense\r\n\r\n", 400, "")
	case way < 10:
		v.add(get("/abort/"+n), 409, n)
	case way < 20:
		v.add(get("/raw/"+n), 200, n)
	case way < 30:
		v.add(get("/hijack/"+n), 200, n)
	case way < 40:
		v.add(get("/reader/"+n), 200, n)
	default:
		v.add(get("/late/"+n), 200, n)
		v.rest = lateText(n)
	}
}

// pay pays the visit. Some clients leave before they have all answers, in good order or with a reset.
func (v *visit) pay(address string) error {
	c, err := connect(address)
	if err != nil {
		return err
	}
	defer c.Close()
	var sending sync.WaitGroup
	defer sending.Wait()
	defer c.Close()
	pieces, ends := v.pieces(), v.goes && v.IntN(4) == 0
	sending.Go(func() {
		for _, piece := range pieces {
			if _, err := io.WriteString(c, piece); err != nil {
				return
			}
		}
		if ends {
			c.CloseWrite()
		}
	})
	leaves, rudely := v.IntN(4*len(v.expected)), v.IntN(2) == 0
	for i, want := range v.expected {
		if i == leaves && !v.stays {
			if rudely {
				c.reset()
			}
			return nil
		}
		if err := v.check(c, want); err != nil {
			return err
		}
	}
	if v.goes {
		return nil
	}
	rest, _ := io.ReadAll(c.in) // it may end with a reset
	if v.rest != "" {
		rest = bytes.ReplaceAll(rest, []byte(v.rest), nil)
	}
	if len(rest) > 0 {
		return fmt.Errorf("after the last answer: %q", rest)
	}
	return nil
}

// check reads an answer.
func (v *visit) check(c *client, want expected) error {
	r, content, err := c.read()
	if err != nil || r.StatusCode != want.status || want.content != "" && content != want.content {
		return fmt.Errorf("answer %d: %s %.100q, %v, want %d %.100q", v.answered, statusOf(r), content, err, want.status, want.content)
	}
	v.answered++
	return nil
}

// pieces cuts what is to be sent at random places.
func (v *visit) pieces() (pieces []string) {
	for rest := v.requests.String(); rest != ""; {
		n := min(len(rest), 1+v.IntN(4000))
		pieces, rest = append(pieces, rest[:n]), rest[n:]
	}
	return pieces
}
