package faults_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/microroute/microroute"
)

// Handlers that wait, however many, delay nobody.
func TestHandlersThatWait(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		began, goOn := make(chan struct{}), make(chan struct{})
		address := serve(t, engine, microroute.Limits{}, func(app *microroute.App) {
			app.Get("/wait", func(*Context) string {
				began <- struct{}{}
				<-goOn
				return "waited"
			})
		})
		var waiting []*client
		for range many(300, 5000) {
			c := dial(t, address)
			c.send(get("/wait"))
			await(t, "the handler", began)
			waiting = append(waiting, c)
		}
		for range 10 {
			wantServed(t, address)
		}
		close(goOn)
		for _, c := range waiting {
			c.want(200, "waited")
		}
	})
}

// Answers to requests that were sent at once do not wait for the last of them: no more than a batch is held back.
func TestAnswersDoNotWaitForTheLast(t *testing.T) {
	const requests, size, batch = 80, 4000, 64 << 10
	content := strings.Repeat("a", size)
	each(t, func(t *testing.T, engine microroute.Engine) {
		goOn := make(chan struct{})
		address := serve(t, engine, microroute.Limits{}, func(app *microroute.App) {
			app.Get("/a", func(*Context) string { return content })
			app.Get("/last", func(*Context) string {
				<-goOn
				return "last"
			})
		})
		t.Cleanup(func() { close(goOn) }) // whether the test gets there or not
		c := dial(t, address)
		c.send(strings.Repeat(get("/a"), requests) + get("/last")) // all in one buffer of the server
		early := requests - batch/size - 1
		for range early {
			c.want(200, content)
		}
		goOn <- struct{}{}
		for range requests - early {
			c.want(200, content)
		}
		c.want(200, "last")
	})
}

// A client that sends request after request without waiting gets its answers, but not all the time of a processor.
func TestFlood(t *testing.T) {
	apart(t, func(t *testing.T, engine microroute.Engine) {
		server := startChild(t, settings{Engine: engine, Processors: 1})
		flooding := dial(t, server.address)
		go flooding.flood(strings.Repeat(get("/hello"), 100))
		var answers atomic.Int64
		go func() {
			for {
				if _, content, err := flooding.read(); err != nil || content != "hello" {
					return
				}
				answers.Add(1)
			}
		}()
		for range 20 {
			before := answers.Load()
			eventually(t, "the flood goes on", func() bool { return answers.Load() > before }, func() string { return fmt.Sprint(before) })
			wantServed(t, server.address)
		}
		flooding.Close()
		server.wantNothingLeft()
	})
}
