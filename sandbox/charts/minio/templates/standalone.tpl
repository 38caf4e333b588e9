{{- if eq .Values.mode "standalone" }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    app: minio
    release: {{ .Release.Name }}
spec:
  strategy:
    type: {{ .Values.deploymentUpdate.type }}
  replicas: 1
  selector:
    matchLabels:
      app: minio
      release: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: minio
        release: {{ .Release.Name }}
    spec:
      serviceAccountName: minio-sa
      securityContext:
        runAsUser: {{ .Values.securityContext.runAsUser | toJson }}
        runAsGroup: {{ .Values.securityContext.runAsGroup | toJson }}
        runAsNonRoot: {{ .Values.securityContext.runAsNonRoot | toJson }}
        fsGroup: {{ .Values.securityContext.fsGroup | toJson }}
        fsGroupChangePolicy: {{ .Values.securityContext.fsGroupChangePolicy | toJson }}
        seccompProfile: {{ .Values.securityContext.seccompProfile | toJson }}
      containers:
        - name: minio
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - name: http
              containerPort: 9000
            - name: http-console
              containerPort: 9001
          env:
            - name: MINIO_ROOT_USER
              valueFrom: { secretKeyRef: { name: "{{ .Values.existingSecret }}", key: rootUser } }
            - name: MINIO_ROOT_PASSWORD
              valueFrom: { secretKeyRef: { name: "{{ .Values.existingSecret }}", key: rootPassword } }
            - name: MINIO_BROWSER_REDIRECT_URL
              value: {{ .Values.environment.MINIO_BROWSER_REDIRECT_URL | toJson }}
          resources: {{ .Values.resources | toJson }}
          securityContext: {{ .Values.containerSecurityContext | toJson }}
          volumeMounts:
            - name: export
              mountPath: /export
      volumes:
        - name: export
          persistentVolumeClaim:
            claimName: {{ .Values.persistence.existingClaim }}
{{- end }}
