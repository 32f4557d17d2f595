// Open Policy Agent's own server, compiler and store, without the rest of its program: no bundles, no export of
// telemetry, no disk, no shell, a third of its packages. It takes the arguments of the whole program that the tests give,
// `run --server --addr ADDRESS FILE...`, so that either can be started.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/plugins"
	"github.com/open-policy-agent/opa/v1/server"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

func main() {
	fmt.Fprintln(os.Stderr, run(os.Args[1:]))
	os.Exit(1)
}

// run serves; it returns only with what went wrong.
func run(args []string) error {
	if len(args) == 0 || args[0] != "run" {
		return errors.New("usage: opa run --server --addr ADDRESS FILE...")
	}
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	address := flags.String("addr", "127.0.0.1:8181", "where it listens")
	flags.Bool("server", true, "it does nothing else")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	ctx := context.Background()
	store := inmem.New()
	if err := load(ctx, store, flags.Args()); err != nil {
		return err
	}
	manager, err := plugins.New(nil, "opa", store)
	if err != nil {
		return err
	}
	if err := manager.Start(ctx); err != nil {
		return err
	}
	return listen(ctx, server.New().WithStore(store).WithManager(manager).WithAddresses([]string{*address}))
}

// load keeps each policy under its path, as the whole program does.
func load(ctx context.Context, store storage.Store, files []string) error {
	return storage.Txn(ctx, store, storage.WriteParams, func(txn storage.Transaction) error {
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if err := store.UpsertPolicy(ctx, txn, strings.TrimPrefix(file, "/"), text); err != nil {
				return err
			}
		}
		return nil
	})
}

func listen(ctx context.Context, unready *server.Server) error {
	ready, err := unready.WithMetrics(&requests{counts: map[string]int{}}).Init(ctx)
	if err != nil {
		return err
	}
	loops, err := ready.Listeners()
	if err != nil {
		return err
	}
	ended := make(chan error)
	for _, loop := range loops {
		go func() { ended <- loop() }()
	}
	return <-ended
}

// requests counts what the server hands to its handlers, and shows it where and as the whole program does.
type requests struct {
	mutex  sync.Mutex
	counts map[string]int
}

func (r *requests) RegisterEndpoints(register func(path, method string, handler http.Handler)) {
	register("/metrics", http.MethodGet, r)
}

func (r *requests) InstrumentHandler(handler http.Handler, label string) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		r.mutex.Lock()
		r.counts[label]++
		r.mutex.Unlock()
		handler.ServeHTTP(writer, request)
	})
}

func (r *requests) ServeHTTP(writer http.ResponseWriter, _ *http.Request) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for label, count := range r.counts {
		fmt.Fprintf(writer, "http_request_duration_seconds_count{handler=%q} %d\n", label, count)
	}
}
