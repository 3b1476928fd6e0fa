// Command running is the program of the chapter about running: a shop for the public, an office for its operator, and a pair
// of scales.
//
//	go run ./examples/guide/running
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/microroute/microroute"
)

func main() {
	development := flag.Bool("dev", false, "show clients the causes of errors")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *development, ":8080", "localhost:9090"); err != nil {
		log.Fatal(err)
	}
}

// run serves both Apps until ctx ends.
func run(ctx context.Context, development bool, public, internal string) error {
	var visits atomic.Int64
	shop, err := newShop(&visits, development).Start(public)
	if err != nil {
		return err
	}
	defer shop.Close()
	office, err := newOffice(&visits).Start(internal)
	if err != nil {
		return err
	}
	defer office.Close()

	<-ctx.Done()
	deadline, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(shop.Shutdown(deadline), office.Shutdown(deadline))
}

// newShop returns the App for the public.
func newShop(visits *atomic.Int64, development bool) *microroute.App {
	app := microroute.New(microroute.Config{
		Development: development,
		Logger:      slog.New(slog.NewJSONHandler(os.Stderr, nil)),
		Limits: microroute.Limits{
			Body:        64 << 10,
			HeadTimeout: 5 * time.Second,
			Connections: 1000,
		},
	})
	app.Host("api.tea.example", newAPI())
	app.Get("/", func(c *microroute.Context) string {
		n := visits.Add(1)
		c.Logger().Info("a visit", "number", n)
		return "<h1>Teas</h1>"
	})
	return app
}

// newOffice returns the App for the operator. Its handlers run one at a time, so they share notes without a lock.
func newOffice(visits *atomic.Int64) *microroute.App {
	var notes []string
	app := microroute.New(microroute.Config{SingleThread: true})
	app.Get("/visits", func(c *microroute.Context) int64 { return visits.Load() })
	app.Get("/notes", func(c *microroute.Context) []string { return notes })
	app.Post("/notes", func(c *microroute.Context) error {
		data, err := c.Request.Data()
		if err != nil {
			return err
		}
		notes = append(notes, string(data))
		return nil
	})
	return app
}

// newAPI returns the App for programs.
func newAPI() *microroute.App {
	app := microroute.New()
	app.Get("/teas", func(c *microroute.Context) []string { return []string{"Assam", "Darjeeling"} })
	return app
}

// newScales returns the App of a pair of scales, which attend serves.
func newScales(grams *int) *microroute.App {
	app := microroute.New(microroute.Config{Manual: true})
	app.Get("/", func(c *microroute.Context) int { return *grams })
	return app
}

// attend reads the scales ten times a second, and serves requests in between, until ctx ends.
func attend(ctx context.Context, server *microroute.Server, read func()) error {
	for ctx.Err() == nil {
		read()
		if err := serveFor(ctx, server, 100*time.Millisecond); err != nil {
			return err
		}
	}
	return server.Close()
}

// serveFor serves what comes within a time.
func serveFor(ctx context.Context, server *microroute.Server, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	for ctx.Err() == nil {
		if err := server.Step(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}
