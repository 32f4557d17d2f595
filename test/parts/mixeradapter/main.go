// An out-of-process adapter for Mixer, small: it serves the services of Mixer's templates from their
// .proto files and decides by what stands in an instance. Each request is a line of JSON on stdout.
//
// Values of listentry, users of authorization and keys of apikey are orders: `deny`, `allow`,
// `cached` (allowed for a minute), `unavailable`, `hang`. A quota has 3 for each set of dimensions.
//
// With -sessions it serves InfrastructureBackend, and every other call only with the id of a session
// that it created; -port listens where an adapter before it did. What -trouble names goes wrong:
// `invalid` refuses the configuration, `refused` the session, `unavailable` both calls, `hang` never
// answers, `garbage` and `empty` and `long` answer a session id that is none.
package main

import (
	"context"
	"embed"
	"flag"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"

	"github.com/bufbuild/protocompile"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

//go:embed proto/*.proto
var protos embed.FS

const quotaSize = 3

// What the protocol calls the Any that carries a session's id.
const idType = "google.protobuf.Any.type_url"

type adapter struct {
	sessions *sessions
	find     func(protoreflect.FullName) (protoreflect.Descriptor, error)
	mutex    sync.Mutex
	left     map[string]int64
	known    map[string]int64
}

func main() {
	hasSessions := flag.Bool("sessions", false, "serve sessions, and nothing without one")
	port := flag.Int("port", 0, "port of the loopback; 0 = any that is free")
	trouble := flag.String("trouble", "", "what goes wrong with sessions")
	flag.Parse()
	find, err := compile()
	if err != nil {
		fatal(err)
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		fatal(err)
	}
	a := &adapter{find: find, left: map[string]int64{}, known: map[string]int64{}}
	if *hasSessions {
		a.sessions = newSessions(*trouble)
	}
	server := grpc.NewServer(grpc.UnknownServiceHandler(a.serve))
	fmt.Printf("{\"listening\":%d}\n", listener.Addr().(*net.TCPAddr).Port)
	fatal(server.Serve(listener))
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func compile() (func(protoreflect.FullName) (protoreflect.Descriptor, error), error) {
	entries, err := protos.ReadDir("proto")
	if err != nil {
		return nil, err
	}
	sources := map[string]string{}
	names := []string{}
	for _, entry := range entries {
		text, err := protos.ReadFile("proto/" + entry.Name())
		if err != nil {
			return nil, err
		}
		sources[entry.Name()] = string(text)
		names = append(names, entry.Name())
	}
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(
		&protocompile.SourceResolver{Accessor: protocompile.SourceAccessorFromMap(sources)},
	)}
	files, err := compiler.Compile(context.Background(), names...)
	if err != nil {
		return nil, err
	}
	return files.AsResolver().FindDescriptorByName, nil
}

// serve answers every unary method that the .proto files have.
func (a *adapter) serve(_ any, stream grpc.ServerStream) error {
	path, _ := grpc.MethodFromServerStream(stream)
	found, err := a.find(protoreflect.FullName(strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", ".")))
	method, isMethod := found.(protoreflect.MethodDescriptor)
	if err != nil || !isMethod {
		return status.Error(codes.Unimplemented, path)
	}
	request := dynamicpb.NewMessage(method.Input())
	if err := stream.RecvMsg(request); err != nil {
		return err
	}
	id := takeSession(request)
	text, err := protojson.MarshalOptions{UseProtoNames: true, Resolver: resolver{a.find}}.Marshal(request)
	if err != nil {
		text = []byte(fmt.Sprintf("%q", err.Error()))
	}
	fmt.Printf("{\"method\":%q,\"session\":%q,\"request\":%s}\n", path, id, text)
	result := dynamicpb.NewMessage(method.Output())
	if a.sessions != nil {
		isDone, err := a.sessions.serve(stream.Context(), string(method.Name()), id, request, result)
		if err != nil {
			return err
		}
		if isDone {
			return stream.SendMsg(result)
		}
	}
	if err := a.decide(stream.Context(), request, result); err != nil {
		return err
	}
	return stream.SendMsg(result)
}

func (a *adapter) decide(ctx context.Context, request, result *dynamicpb.Message) error {
	switch result.Descriptor().Name() {
	case "QuotaResult":
		a.grant(request, result)
		return nil
	case "CheckResult":
		return check(ctx, order(request), result)
	}
	return nil
}

func check(ctx context.Context, order string, result *dynamicpb.Message) error {
	switch order {
	case "unavailable":
		return status.Error(codes.Unavailable, "as ordered")
	case "hang":
		<-ctx.Done()
		return ctx.Err()
	case "deny":
		set(sub(result, "status"), "code", protoreflect.ValueOfInt32(int32(codes.PermissionDenied)))
		set(sub(result, "status"), "message", protoreflect.ValueOfString("not you"))
	case "cached":
		set(sub(result, "valid_duration"), "seconds", protoreflect.ValueOfInt64(60))
		set(result, "valid_use_count", protoreflect.ValueOfInt32(1000))
	}
	return nil
}

// order is the text that decides: a list entry, a user, or a key.
func order(request *dynamicpb.Message) string {
	instance := sub(request, "instance")
	for _, name := range []protoreflect.Name{"value", "subject", "api_key"} {
		field := instance.Descriptor().Fields().ByName(name)
		if field == nil {
			continue
		}
		if field.Message() == nil {
			return instance.Get(field).String()
		}
		inner := instance.Get(field).Message()
		for _, text := range []protoreflect.Name{"string_value", "user"} {
			if known := inner.Descriptor().Fields().ByName(text); known != nil {
				return inner.Get(known).String()
			}
		}
	}
	return ""
}

func (a *adapter) grant(request, result *dynamicpb.Message) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	id := request.Get(request.Descriptor().Fields().ByName("dedup_id")).String()
	dimensions, _ := protojson.Marshal(sub(request, "instance").Interface())
	wanted := sub(request, "quota_request")
	granted := result.Mutable(result.Descriptor().Fields().ByName("quotas")).Map()
	wanted.Get(wanted.Descriptor().Fields().ByName("quotas")).Map().Range(
		func(name protoreflect.MapKey, params protoreflect.Value) bool {
			amount := params.Message().Get(params.Message().Descriptor().Fields().ByName("amount")).Int()
			entry := granted.NewValue().Message()
			set(entry, "granted_amount", protoreflect.ValueOfInt64(a.take(name.String()+string(dimensions), id, amount)))
			set(sub(entry, "valid_duration"), "seconds", protoreflect.ValueOfInt64(1))
			granted.Set(name, protoreflect.ValueOfMessage(entry))
			return true
		})
}

// take charges an id once.
func (a *adapter) take(key, id string, amount int64) int64 {
	if known, isKnown := a.known[key+id]; isKnown {
		return known
	}
	left, isKnown := a.left[key]
	if !isKnown {
		left = quotaSize
	}
	granted := amount
	if granted > left {
		granted = 0
	}
	a.left[key] = left - granted
	a.known[key+id] = granted
	return granted
}

func sub(message protoreflect.Message, name protoreflect.Name) protoreflect.Message {
	return message.Mutable(message.Descriptor().Fields().ByName(name)).Message()
}

func set(message protoreflect.Message, name protoreflect.Name, value protoreflect.Value) {
	message.Set(message.Descriptor().Fields().ByName(name), value)
}
