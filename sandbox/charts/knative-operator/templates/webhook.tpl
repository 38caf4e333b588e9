apiVersion: v1
kind: ServiceAccount
metadata:
  name: operator-webhook
  namespace: {{ .Release.Namespace | quote }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: operator-webhook
  namespace: {{ .Release.Namespace | quote }}
  labels:
    app.kubernetes.io/name: knative-operator
spec:
  replicas: 1
  selector:
    matchLabels:
      app: operator-webhook
      role: operator-webhook
  template:
    metadata:
      labels:
        app: operator-webhook
        role: operator-webhook
    spec:
      serviceAccountName: operator-webhook
      containers:
        - name: operator-webhook
          image: "gcr.io/knative-releases/knative.dev/operator/cmd/webhook:v1.18.3"
          resources:
            requests: { cpu: 100m, memory: 100Mi }
            limits: { cpu: 500m, memory: 500Mi }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            capabilities: { drop: [ALL] }
          ports:
            - name: https-webhook
              containerPort: 8443
---
apiVersion: v1
kind: Service
metadata:
  name: operator-webhook
  namespace: {{ .Release.Namespace | quote }}
  labels:
    role: operator-webhook
    app.kubernetes.io/name: knative-operator
spec:
  ports:
    - name: https-webhook
      port: 443
      targetPort: 8443
  selector:
    role: operator-webhook
