package microroute_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/microroute/microroute"
)

// Memory that is lent is used again, and nothing that a program may keep lies in it.
func TestBorrowedMemoryIsUsedAgain(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		var mu sync.Mutex
		kept := map[string][]byte{}
		keep := func(name string, data []byte) {
			mu.Lock()
			defer mu.Unlock()
			kept[name] = data
		}
		app.Post("/<int:n>", func(c *Context, n int) ([]byte, error) {
			var detached *microroute.Context
			lent, err := c.Request.BorrowData()
			if n%2 == 0 {
				detached = c.Detach()
			}
			data, err2 := c.Request.Data()
			keep(fmt.Sprint("data of ", n), data)
			if detached != nil {
				data, _ := detached.Request.Data()
				keep(fmt.Sprint("detached data of ", n), data)
			}
			if err == nil {
				err = err2
			}
			return lent, err
		})
		server := serve(t, app)
		text := func(n int) string { return strings.Repeat(fmt.Sprintf("%09d\n", n), 1+n*311%7000) }
		const clients, requests = 8, 25
		var wait sync.WaitGroup
		for client := range clients {
			wait.Go(func() {
				for i := range requests {
					n := client*requests + i
					answer := talk(t, server, withContent(fmt.Sprint("/", n), text(n), 0))
					if _, got, _ := strings.Cut(answer, "\r\n\r\n"); got != text(n) {
						t.Errorf("request %d: answer of %d octets, want its own %d", n, len(got), len(text(n)))
					}
				}
			})
		}
		wait.Wait()
		mu.Lock()
		defer mu.Unlock()
		for name, data := range kept {
			var n int
			fmt.Sscan(name[strings.LastIndexByte(name, ' '):], &n)
			if !bytes.Equal(data, []byte(text(n))) {
				t.Errorf("%s: %.30q of %d octets, want %.30q of %d", name, data, len(data), text(n), len(text(n)))
			}
		}
		if len(kept) != clients*requests*3/2 {
			t.Errorf("%d contents kept, want %d", len(kept), clients*requests*3/2)
		}
	})
}
