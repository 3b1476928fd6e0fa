package main

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
)

// events adds server-sent events: what is posted to the board reaches all open pages.
func events(app *microroute.App, board *board) {
	// demo: events
	app.Get("/events", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/event-stream"
		c.Response.Header.Set("Cache-Control", "no-store")
		posts := board.follow(c.Context(), c.Draining())
		if err := c.Response.SendHeader(": welcome\n\n"); err != nil {
			return err
		}
		for post := range posts {
			_, err := fmt.Fprintf(c.Response, "event: %s\ndata: %s\n\n",
				post.topic, post.text)
			if err != nil {
				return err
			}
		}
		return nil
	})

	app.Post("/say", func(c *microroute.Context) error {
		form, err := c.Request.Form()
		if err != nil {
			return err
		}
		board.post("said", "%s", form.Get("text"))
		c.Response.Status = message.StatusNoContent
		return nil
	})
	// end
}

// board is where handlers post what open pages are to know. It may be shared.
type board struct {
	mu        sync.Mutex
	followers map[chan post]struct{}
}

type post struct{ topic, text string }

// backlog is how many posts a follower may be behind; it misses what exceeds that.
const backlog = 64

func newBoard() *board { return &board{followers: map[chan post]struct{}{}} }

// post shows a text, in one line, to all who follow the board.
func (b *board) post(topic, format string, args ...any) {
	text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	b.mu.Lock()
	defer b.mu.Unlock()
	for follower := range b.followers {
		select {
		case follower <- post{topic, text}:
		default:
		}
	}
}

// follow returns what is posted from its call on, until ctx ends or closing is closed.
func (b *board) follow(ctx context.Context, closing <-chan struct{}) iter.Seq[post] {
	news := make(chan post, backlog)
	b.mu.Lock()
	b.followers[news] = struct{}{}
	b.mu.Unlock()
	context.AfterFunc(ctx, func() { b.leave(news) })
	return func(yield func(post) bool) {
		for {
			select {
			case p := <-news:
				if !yield(p) {
					return
				}
			case <-closing:
				return
			case <-ctx.Done():
				return
			}
		}
	}
}

func (b *board) leave(news chan post) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.followers, news)
}
